//! Which column answers which need: the user's word, then the format's names, then names used anywhere, then the values alone.

use super::known::{Known, Sort, catalog, column, plain};
use super::values::Look;
use crate::analysis::{Hints, Mapping, Need};
use crate::verdict::Confidence;

/// Columns of replies or labels that are read, at most.
const SEVERAL: usize = 4;

/// What is known about the columns of a file while it is looked at.
pub(super) struct Sight<'a> {
    pub known: &'static Known,
    /// Letters and digits of the names; empty where there is no header.
    pub names: &'a [String],
    pub looks: &'a [Look],
}

/// Columns by need, with how sure each is.
#[derive(Clone, Debug, Default)]
pub(super) struct Picks {
    picks: Vec<(Need, Vec<usize>, Confidence)>,
}

impl Picks {
    /// The columns of a need.
    pub fn of(&self, need: Need) -> &[usize] {
        self.picks.iter().find(|(known, ..)| *known == need).map_or(&[], |(_, columns, _)| columns)
    }

    /// The column of a need that only one can answer.
    pub fn one(&self, need: Need) -> Option<usize> {
        self.of(need).first().copied()
    }

    /// How sure each need is.
    pub fn sure(&self) -> Vec<(Need, Confidence)> {
        self.picks.iter().map(|(need, _, sure)| (*need, *sure)).collect()
    }

    /// Sets a need to one column, where there is one.
    pub fn put(&mut self, need: Need, column: Option<usize>, sure: Confidence) {
        if let Some(column) = column {
            self.set(need, vec![column], sure);
        }
    }

    fn set(&mut self, need: Need, columns: Vec<usize>, sure: Confidence) {
        self.picks.retain(|(known, ..)| *known != need);
        if !columns.is_empty() {
            self.picks.push((need, columns, sure));
        }
    }

    fn takes(&self, column: usize) -> bool {
        self.picks.iter().any(|(_, columns, _)| columns.contains(&column))
    }
}

/// Finds the columns of a table.
pub(super) fn pick(sight: &Sight<'_>) -> Picks {
    let mut picks = Picks::default();
    by_format(sight, &mut picks);
    text(sight, &mut picks);
    codes(sight, &mut picks);
    for need in [Need::Recipient, Need::Timestamp, Need::Domain] {
        common(sight, &mut picks, need);
    }
    // What else a known export has under such a name is not what we mean: the `source` of a message trace is `SMTP`.
    if sight.known.columns.is_empty() || sight.names.is_empty() {
        for need in [Need::Ip, Need::Sender] {
            common(sight, &mut picks, need);
        }
        kind(sight, &mut picks);
        label(sight, &mut picks);
        for need in [Need::Key, Need::Job, Need::Source, Need::Message, Need::Unique, Need::Pool] {
            common(sight, &mut picks, need);
        }
    }
    people(sight, &mut picks);
    picks
}

/// The columns that the format names, where their values do not speak against it.
fn by_format(sight: &Sight<'_>, picks: &mut Picks) {
    for (need, entries) in &sight.known.columns {
        let named = entries.iter().filter_map(|entry| column(sight.names, entry));
        let mut fitting: Vec<usize> = named.filter(|at| sight.looks.get(*at).is_some_and(|look| !contradicts(*need, look))).collect();
        fitting.dedup();
        picks.set(*need, fitting, Confidence::High);
    }
}

/// Do the values show that a column cannot be what its name says?
fn contradicts(need: Need, look: &Look) -> bool {
    let none = |part: usize| look.filled > 0 && part == 0;
    match need {
        // Short sentences (`Bad address`) are replies where the platform says so; `UNKNOWN_USER` is none.
        Need::Text => none(look.replies) && look.share(look.classes, 0.8),
        Need::Recipient => none(look.addresses) && look.distinct > 1 && look.share(look.numbers, 0.5),
        Need::Timestamp => none(look.dates + look.serials),
        Need::Code => none(look.codes) && look.share(look.statuses + look.replies, 0.5),
        Need::Enhanced => none(look.statuses) && look.share(look.words, 0.5) && look.dates == 0,
        Need::Ip => none(look.ips),
        _ => false,
    }
}

/// The replies: columns with a name for them whose values are replies, else the column whose values are.
fn text(sight: &Sight<'_>, picks: &mut Picks) {
    if !picks.of(Need::Text).is_empty() || !sight.known.columns.is_empty() && !picks.of(Need::Label).is_empty() {
        return;
    }
    let replies = |at: usize| sight.looks.get(at).map_or(0, |look| look.replies);
    let fits = |at: &usize| sight.looks.get(*at).is_some_and(|look| look.share(look.replies, 0.3) && !look.share(look.addresses, 0.5));
    let mut named: Vec<usize> = named(sight, Need::Text).filter(fits).collect();
    named.truncate(2);
    if !named.is_empty() {
        let certain = named.iter().all(|at| sight.looks.get(*at).is_some_and(|look| look.share(look.replies, 0.8)));
        picks.set(Need::Text, named, if certain { Confidence::High } else { Confidence::Medium });
        return;
    }
    let best = (0..sight.looks.len()).filter(fits).max_by_key(|at| (replies(*at), std::cmp::Reverse(*at)));
    let coded = best.and_then(|at| sight.looks.get(at)).is_some_and(|look| look.share(look.coded, 0.6));
    picks.set(Need::Text, best.into_iter().collect(), if coded { Confidence::Medium } else { Confidence::Low });
    if best.is_none() {
        foreign(sight, picks);
    }
}

/// Sentences in a column named for replies, in words that we do not know.
fn foreign(sight: &Sight<'_>, picks: &mut Picks) {
    let sentences = |at: &usize| sight.looks.get(*at).is_some_and(|look| look.filled > 0 && !look.share(look.words + look.numbers, 0.5));
    let about = |at: &usize| {
        let name = sight.names.get(*at).map_or("", String::as_str);
        ["bounce", "smtp", "reason", "diag", "response", "error"].iter().any(|word| name.contains(word))
    };
    let found = named(sight, Need::Text).find(|at| about(at) && sentences(at));
    picks.set(Need::Text, found.into_iter().collect(), Confidence::Medium);
}

/// Reply codes and status codes, by their values: both stand under `code` and `status`.
fn codes(sight: &Sight<'_>, picks: &mut Picks) {
    let looks = |at: usize| sight.looks.get(at);
    for (need, part) in [(Need::Code, (|look| look.codes) as fn(&Look) -> usize), (Need::Enhanced, |look| look.statuses)] {
        if picks.of(need).is_empty() {
            let fits = |at: &usize| looks(*at).is_some_and(|look| look.share(part(look), 0.5));
            let found = named(sight, need).find(fits).or_else(|| (0..sight.looks.len()).find(|at| fits(at) && !picks.takes(*at)));
            picks.set(need, found.into_iter().collect(), Confidence::High);
        }
    }
}

/// A need by a name used anywhere, where the values fit; address, date and domain by the values alone, too.
fn common(sight: &Sight<'_>, picks: &mut Picks, need: Need) {
    if !picks.of(need).is_empty() {
        return;
    }
    let free = |at: &usize| !picks.takes(*at) || need == Need::Key;
    let fits = |at: &usize, share: f64| sight.looks.get(*at).is_some_and(|look| shows(need, look, share));
    let named = named(sight, need).find(|at| free(at) && fits(at, 0.5));
    let seen = || match need {
        Need::Recipient => unnamed_recipient(sight, picks),
        Need::Timestamp => (0..sight.looks.len()).find(|at| free(at) && fits(at, 0.8) && sight.looks[*at].dates > 0),
        Need::Domain if sight.names.is_empty() => (0..sight.looks.len()).find(|at| free(at) && fits(at, 0.8)),
        Need::Ip if sight.names.is_empty() => (0..sight.looks.len()).find(|at| free(at) && fits(at, 0.8)),
        _ => None,
    };
    let certain = named.is_some_and(|at| fits(&at, 0.9) && !matches!(need, Need::Key | Need::Job | Need::Source));
    let sure = if certain || need == Need::Recipient && named.is_none() { Confidence::High } else { Confidence::Medium };
    let found = named.or_else(seen);
    picks.set(need, found.into_iter().collect(), sure);
}

/// Do enough values look like what the need asks for?
fn shows(need: Need, look: &Look, share: f64) -> bool {
    match need {
        Need::Recipient | Need::Sender => look.share(look.addresses, share),
        Need::Timestamp => look.share(look.dates + look.serials, share),
        Need::Domain => look.share(look.domains + look.addresses, share),
        Need::Ip => look.share(look.ips, share),
        Need::Unique => look.distinct <= 2,
        Need::Key => !look.share(look.replies, 0.5),
        _ => look.filled > 0,
    }
}

/// Of columns of addresses without a name, the second where sender and recipient stand side by side, as in accounting files.
fn unnamed_recipient(sight: &Sight<'_>, picks: &Picks) -> Option<usize> {
    let ours = |at: &usize| !picks.takes(*at) && !named(sight, Need::Sender).any(|sender| sender == *at);
    let mut found =
        (0..sight.looks.len()).filter(ours).filter(|at| sight.looks.get(*at).is_some_and(|look| look.share(look.addresses, 0.5)));
    let first = found.next()?;
    let varied = |at: usize| sight.looks.get(at).map_or(0, |look| look.distinct);
    Some(found.next().filter(|second| sight.names.is_empty() && varied(*second) >= varied(first)).unwrap_or(first))
}

/// A column of kinds: a known name, and values that are known kinds.
fn kind(sight: &Sight<'_>, picks: &mut Picks) {
    let fits =
        |at: &usize| !picks.takes(*at) && sight.looks.get(*at).is_some_and(|look| look.share(look.words, 0.8) && look.distinct <= 24);
    let found = named(sight, Need::Kind).find(fits);
    picks.set(Need::Kind, found.into_iter().collect(), Confidence::Medium);
}

/// The platform's own classes.
fn label(sight: &Sight<'_>, picks: &mut Picks) {
    let fits = |at: &usize| {
        let kind = picks.one(Need::Kind) == Some(*at);
        (kind || !picks.takes(*at)) && sight.looks.get(*at).is_some_and(|look| look.share(look.words, 0.6) && look.distinct <= 60)
    };
    let mut found: Vec<usize> = named(sight, Need::Label).filter(fits).collect();
    if found.is_empty() && picks.of(Need::Text).is_empty() {
        found.extend(named(sight, Need::Text).find(fits));
    }
    found.truncate(SEVERAL);
    picks.set(Need::Label, found, Confidence::Medium);
}

/// A key that holds addresses is the recipient too; a recipient column that is the only name for people is the key.
fn people(sight: &Sight<'_>, picks: &mut Picks) {
    let key = picks.one(Need::Key);
    let addresses = |at: &usize| sight.looks.get(*at).is_some_and(|look| look.share(look.addresses, 0.5));
    if picks.of(Need::Recipient).is_empty() {
        picks.set(Need::Recipient, key.filter(addresses).into_iter().collect(), Confidence::High);
    }
    let unspecific = sight.known.columns.is_empty() && !picks.of(Need::Recipient).is_empty();
    let id = key.and_then(|at| sight.names.get(at)).is_some_and(|name| name == "id");
    if unspecific && id {
        picks.set(Need::Key, Vec::new(), Confidence::High);
    }
}

/// Columns with one of the names used anywhere for a need, best name first.
fn named<'s>(sight: &'s Sight<'_>, need: Need) -> impl Iterator<Item = usize> + 's {
    catalog().names.by_need.get(&need).into_iter().flatten().filter_map(|name| column(sight.names, name))
}

/// Takes the user's word for the needs it names. An unknown column is told, with the names there are.
pub(super) fn overrule(picks: &mut Picks, names: &[String], hints: &Hints) -> Vec<String> {
    let mut warnings = Vec::new();
    let find = |wanted: &String| {
        let same = || names.iter().position(|name| plain(name) == plain(wanted) && !plain(wanted).is_empty());
        names
            .iter()
            .position(|name| name == wanted)
            .or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
            .or_else(same)
    };
    for (need, wanted) in &hints.map {
        let found: Vec<usize> = wanted.iter().filter_map(find).take(SEVERAL).collect();
        for strange in wanted.iter().filter(|name| !name.is_empty() && find(name).is_none()) {
            warnings.push(format!("There is no column “{strange}”. There are: {}.", names.join(", ")));
        }
        if !found.is_empty() || wanted.iter().all(String::is_empty) {
            picks.set(*need, found, Confidence::High);
        }
    }
    warnings
}

/// The mapping as it is published, by names.
pub(super) fn mapping(picks: &Picks, names: &[String]) -> Mapping {
    let name = |at: &usize| names.get(*at).cloned();
    let several = |need| picks.of(need).iter().filter_map(name).collect();
    let one = |need| picks.one(need).and_then(|at| name(&at));
    Mapping {
        text: several(Need::Text),
        key: one(Need::Key),
        recipient: one(Need::Recipient),
        domain: one(Need::Domain),
        timestamp: one(Need::Timestamp),
        job: one(Need::Job),
        source: one(Need::Source),
        label: several(Need::Label),
        code: one(Need::Code),
        enhanced: one(Need::Enhanced),
        ip: one(Need::Ip),
        kind: one(Need::Kind),
        message: one(Need::Message),
        unique: one(Need::Unique),
        pool: one(Need::Pool),
        sender: one(Need::Sender),
    }
}

/// Columns by number, for reading rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub text: Vec<usize>,
    pub label: Vec<usize>,
    pub key: Option<usize>,
    pub recipient: Option<usize>,
    pub domain: Option<usize>,
    pub timestamp: Option<usize>,
    pub job: Option<usize>,
    pub source: Option<usize>,
    pub code: Option<usize>,
    pub enhanced: Option<usize>,
    pub ip: Option<usize>,
    pub kind: Option<usize>,
    pub message: Option<usize>,
    pub unique: Option<usize>,
    pub pool: Option<usize>,
    pub sender: Option<usize>,
    /// Column, value, and what the row is then.
    pub flags: Vec<(usize, &'static str, Sort)>,
}

impl Columns {
    /// Finds the columns of a mapping again among the names.
    pub fn of(mapping: &Mapping, names: &[String], known: &'static Known) -> Self {
        let at = |name: &String| names.iter().position(|known| known == name);
        let one = |name: &Option<String>| name.as_ref().and_then(at);
        let plains: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let flag = |(name, value, sort): &'static (String, String, Sort)| Some((column(&plains, name)?, value.as_str(), *sort));
        Self {
            text: mapping.text.iter().filter_map(at).collect(),
            label: mapping.label.iter().filter_map(at).collect(),
            key: one(&mapping.key),
            recipient: one(&mapping.recipient),
            domain: one(&mapping.domain),
            timestamp: one(&mapping.timestamp),
            job: one(&mapping.job),
            source: one(&mapping.source),
            code: one(&mapping.code),
            enhanced: one(&mapping.enhanced),
            ip: one(&mapping.ip),
            kind: one(&mapping.kind),
            message: one(&mapping.message),
            unique: one(&mapping.unique),
            pool: one(&mapping.pool),
            sender: one(&mapping.sender),
            flags: known.flags.iter().filter_map(flag).collect(),
        }
    }
}
