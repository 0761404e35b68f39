//! The user's own rules in the worker: which are in force, and what others would change.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use crate::judge::pack::{self, Pack};
use crate::own;
use crate::rules::form::RuleFile;
use crate::verdict::Form;
use crate::wire::Tell;

thread_local! {
    /// Ours with the user's own before them, and those as they were written; none while there are no own rules.
    static IN_FORCE: RefCell<Option<(Rc<Pack>, String)>> = const { RefCell::new(None) };
}

/// The rules in force, for as long as they are needed.
pub enum InForce {
    BuiltIn(&'static Pack),
    Own(Rc<Pack>),
}

impl Deref for InForce {
    type Target = Pack;

    fn deref(&self) -> &Pack {
        match self {
            Self::BuiltIn(pack) => pack,
            Self::Own(pack) => pack,
        }
    }
}

/// The rules in force.
pub fn pack() -> InForce {
    IN_FORCE.with_borrow(|held| held.clone()).map_or_else(|| InForce::BuiltIn(Pack::built_in()), |(pack, _)| InForce::Own(pack))
}

/// Does something with the rules in force.
pub fn with_pack<T>(act: impl FnOnce(&Pack) -> T) -> T {
    act(&pack())
}

/// The own rules in force as they were written; none while there are none.
pub fn toml() -> Option<String> {
    IN_FORCE.with_borrow(|held| held.as_ref().map(|(_, toml)| toml.clone()))
}

/// Puts own rules in force, in place of those before; faulty ones change nothing.
pub fn set(toml: &str) -> Tell {
    match own::load(toml) {
        Ok(pack) => {
            let rules = pack.own_rules().count();
            let held = (rules > 0).then(|| (Rc::new(pack), toml.to_string()));
            IN_FORCE.with(|place| *place.borrow_mut() = held);
            Tell::Own { rules, faults: Vec::new() }
        }
        Err(faults) => Tell::Own { rules: 0, faults },
    }
}

/// What own rules would change if they were in force.
pub fn dry_run(toml: &str, input: &[u8], reading: Option<Form>) -> Tell {
    with_pack(|in_force| Tell::DryRun(own::dry_run(toml, input, reading, in_force)))
}

/// All rules in force, the user's own first.
pub fn rules() -> RuleFile {
    let mut file = pack::rule_file();
    let own = with_pack(|pack| pack.own_rules().map(|rule| rule.form.clone()).collect::<Vec<_>>());
    file.rule.splice(..0, own);
    file
}
