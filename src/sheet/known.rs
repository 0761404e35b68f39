//! The exports we know (`formats.toml`): how each is told, what its columns hold, what its words stand for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::analysis::{DayOrder, Need, Purpose};
use crate::verdict::Cause;

/// All of `formats.toml`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Catalog {
    /// Names that columns have anywhere, best first.
    pub names: Names,
    /// What values of a kind column mean where the format does not say.
    pub kinds: Kinds,
    pub format: Vec<Known>,
}

/// Column names by need.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Names {
    /// Of a column of sent counts.
    pub count: Vec<String>,
    #[serde(flatten)]
    pub by_need: BTreeMap<Need, Vec<String>>,
}

/// Values of a kind column, by letters and digits alone.
type Kinds = BTreeMap<Sort, Vec<String>>;

/// What a row is, as a column of kinds tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    Bounce,
    /// A bounce that the platform tries again.
    Temporary,
    Delivery,
    /// A complaint, or a person who asked not to be mailed.
    Complaint,
    Other,
}

/// An export.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Known {
    pub id: String,
    pub name: String,
    /// Whose labels they are.
    pub platform: String,
    pub headers: Vec<String>,
    pub columns: BTreeMap<Need, Vec<String>>,
    pub kinds: Kinds,
    /// Column, value, and what the row is then.
    pub flags: Vec<(String, String, Sort)>,
    /// Rows without reply, label and code are no bounces.
    pub idle: bool,
    pub zone: Option<String>,
    pub order: Option<DayOrder>,
    pub says: BTreeMap<String, Cause>,
    /// What classes that are numbers or letters are called.
    pub names: BTreeMap<String, String>,
    /// Where the facts stand in a reply column that holds JSON.
    pub inside: BTreeMap<Need, String>,
    pub purpose: Purpose,
    /// Every row is one send.
    pub each: bool,
    /// The name of its JSON in `read::event`.
    pub event: String,
    pub paths: BTreeMap<Need, String>,
    /// The name of its lines in `read::log`.
    pub log: String,
}

impl Known {
    /// What a value of the kind column says; none where neither this format nor the general list knows it.
    pub fn sort(&self, value: &str) -> Option<Sort> {
        let known = |kinds: &Kinds| kinds.iter().find(|(_, values)| values.iter().any(|known| same(value, known))).map(|(sort, _)| *sort);
        known(&self.kinds).or_else(|| known(&catalog().kinds))
    }

    /// The cause that a word of the platform stands for, as far as it names one.
    pub fn says(&self, value: &str) -> Option<Cause> {
        self.says.iter().find(|(word, _)| same(value, word)).map(|(_, cause)| *cause)
    }

    /// How well the columns of a header fit: how many names the best fitting set has; none where no set is all there.
    pub fn fits(&self, names: &[String]) -> Option<usize> {
        let fits = |set: &&String| {
            let (exact, set) = set.strip_prefix('=').map_or((false, set.as_str()), |rest| (true, rest));
            let there = |wanted: &str| match wanted.strip_prefix('!') {
                Some(banned) => column(names, banned).is_none(),
                None => column(names, wanted).is_some(),
            };
            let all = set.split(' ').all(there);
            let count = set.split(' ').filter(|wanted| !wanted.starts_with('!')).count();
            (all && (!exact || names.len() == count)).then_some(count + usize::from(exact))
        };
        self.headers.iter().filter_map(|set| fits(&set)).max()
    }
}

/// The catalogue, read once.
pub(super) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    // The build has checked and pressed it.
    CATALOG.get_or_init(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/formats.json"))).unwrap_or_default())
}

/// The format of an id; a nameless one that knows nothing where there is none.
pub(super) fn known(id: &str) -> &'static Known {
    static GENERIC: OnceLock<Known> = OnceLock::new();
    let generic = || GENERIC.get_or_init(|| Known { id: "generic".into(), name: "Table".into(), ..Known::default() });
    catalog().format.iter().find(|format| format.id == id).unwrap_or_else(generic)
}

/// Letters and digits of a name, lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Are the letters and digits of `value` these?
pub(super) fn same(value: &str, plain: &str) -> bool {
    value.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).eq(plain.bytes())
}

/// The first column that has one of the names `a|b*|c`.
pub(super) fn column(names: &[String], wanted: &str) -> Option<usize> {
    wanted.split('|').find_map(|wanted| {
        let fits = |name: &String| wanted.strip_suffix('*').map_or_else(|| name == wanted, |head| name.starts_with(head));
        names.iter().position(fits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_catalogue_is_whole() {
        let catalog: Catalog =
            serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/formats.json"))).expect("formats.toml is a catalogue");
        let ids: BTreeSet<&String> = catalog.format.iter().map(|format| &format.id).collect();
        assert_eq!(ids.len(), catalog.format.len(), "an id stands twice");
        for format in &catalog.format {
            assert!(!format.headers.is_empty() || !format.event.is_empty() || !format.log.is_empty(), "{} has no marks", format.id);
            let names = format.columns.values().chain([&format.headers]).flatten();
            let odd = names.flat_map(|set| set.split(['|', ' '])).find(|name| plain(name) != name.trim_matches(['*', '=', '!']));
            assert_eq!(odd, None, "{}: names are letters and digits", format.id);
            assert!(format.says.keys().all(|word| plain(word) == *word), "{}", format.id);
        }
    }

    #[test]
    fn headers_tell_formats() {
        let names = |header: &str| header.split(',').map(plain).collect::<Vec<_>>();
        let fits = |header: &str| {
            let names = names(header);
            catalog().format.iter().filter_map(|f| Some((f.fits(&names)?, f.id.as_str()))).max_by_key(|(count, _)| *count).map(|(_, id)| id)
        };
        assert_eq!(fits("Status,Reason,Email,Created"), Some("sendgrid"));
        assert_eq!(fits("reason,email,created,campaign"), None);
        assert_eq!(fits("JOBID,subscriber_key,SMTP Bounce Reason"), Some("sfmc_bounce_view"));
    }
}
