//! The user's own rules in the worker: which are in force, and what others would change.

use std::cell::RefCell;
use std::rc::Rc;

use crate::judge::pack::{self, Pack};
use crate::own;
use crate::rules::form::RuleFile;
use crate::verdict::Form;
use crate::wire::Tell;

thread_local! {
    /// Ours with the user's own before them; none while there are no own rules.
    static IN_FORCE: RefCell<Option<Rc<Pack>>> = const { RefCell::new(None) };
}

/// Does something with the rules in force.
pub fn with_pack<T>(act: impl FnOnce(&Pack) -> T) -> T {
    let own = IN_FORCE.with(|held| held.borrow().clone());
    act(own.as_deref().unwrap_or_else(|| Pack::built_in()))
}

/// Puts own rules in force, in place of those before; faulty ones change nothing.
pub fn set(toml: &str) -> Tell {
    match own::load(toml) {
        Ok(pack) => {
            let rules = pack.own_rules().count();
            let held = (rules > 0).then(|| Rc::new(pack));
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
