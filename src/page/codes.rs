//! The code reference.
use yew::prelude::*;

use super::hand::Hands;
use super::state::Shared;
use crate::rules::form::RuleFile;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub code: Option<String>,
    pub rules: Option<Shared<RuleFile>>,
    pub shown: bool,
}

#[component]
pub fn CodesPage(props: &Props) -> Html {
    let _ = props;
    Html::default()
}
