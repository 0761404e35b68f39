//! The codes of a reply, digit by digit, and whether they agree.
use yew::prelude::*;

use super::state::{Answer, Shared};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub answer: Shared<Answer>,
    pub index: usize,
    pub hide: bool,
}

#[component]
pub fn Codes(props: &Props) -> Html {
    let _ = props;
    Html::default()
}
