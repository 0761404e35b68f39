//! The user's own rules, as TOML, read at run time: the form of our rule files, with a line and a reason for every fault.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::dry_run::Fault;
use super::form::{self, Complaint, Provider, RuleFile, RuleForm, meant};
use crate::verdict::Cause;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
/// Most rules, and most providers, in a file.
pub const MAX_RULES: usize = 2_000;
/// Most entries of a list, and bytes of a phrase.
const MAX_LIST: usize = 200;
const MAX_PHRASE: usize = 600;
/// Most phrases of a file, each option of a choice counted: they are what takes memory.
const MAX_WAYS: usize = 20_000;
/// Faults told; a reader mends some and looks again.
const MAX_FAULTS: usize = 100;

const RULE_KEYS: [&str; 22] = [
    "id",
    "cause",
    "text",
    "also",
    "unless",
    "code",
    "status",
    "stage",
    "from",
    "weak",
    "topic",
    "confidence",
    "action",
    "owner",
    "address",
    "retry",
    "language",
    "token",
    "source",
    "seen",
    "match",
    "miss",
];
const PROVIDER_KEYS: [&str; 7] = ["id", "name", "role", "hosts", "marks", "domains", "big"];

/// A file of own rules as far as it can be read, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Draft {
    /// The rules and providers without a fault.
    pub file: RuleFile,
    faults: Vec<Fault>,
    /// Where each rule of `file` stands, and each provider.
    rules: Vec<Place>,
    providers: Vec<Place>,
    /// Byte where each line begins.
    lines: Vec<usize>,
    /// Phrases so far, each option of a choice counted.
    ways: usize,
}

/// Where a rule or provider and its keys stand, in bytes.
#[derive(Debug, Default)]
struct Place {
    head: Range<usize>,
    /// Each key, its name's byte, and the bytes of its list's entries.
    keys: Vec<(String, usize, Vec<usize>)>,
}

impl Place {
    fn of(head: Range<usize>, table: &DeTable) -> Self {
        let items = |value: &DeValue| value.as_array().map(|list| list.iter().map(|item| item.span().start).collect()).unwrap_or_default();
        let keys = table.iter().map(|(key, value)| (key.get_ref().to_string(), key.span().start, items(value.get_ref()))).collect();
        Self { head, keys }
    }

    /// The byte where an entry of a key stands, else the key, else the head.
    fn find(&self, key: &str, item: Option<usize>) -> usize {
        let Some((_, at, items)) = self.keys.iter().find(|(known, ..)| known == key) else { return self.head.start };
        item.and_then(|item| items.get(item)).copied().unwrap_or(*at)
    }
}

/// Reads own rules by their form alone; whether they win their examples is for the engine.
///
/// # Errors
/// Every fault, in the order of the file.
pub fn read(toml: &str) -> Result<RuleFile, Vec<Fault>> {
    let draft = Draft::read(toml);
    if draft.faults.is_empty() { Ok(draft.file) } else { Err(draft.faults()) }
}

impl Draft {
    /// Reads as much as can be read.
    pub fn read(toml: &str) -> Self {
        let starts = std::iter::once(0).chain(toml.match_indices('\n').map(|(at, _)| at + 1));
        let mut draft = Self::default();
        if toml.len() > MAX_BYTES {
            draft.fault(toml, 0, None, format!("the file has {} bytes; at most {MAX_BYTES} are read", toml.len()));
            return draft;
        }
        draft.lines = starts.collect();
        let (root, errors) = DeTable::parse_recoverable(toml);
        let torn: Vec<usize> = errors.iter().map(|error| error.span().map_or(0, |span| span.start)).collect();
        for (at, error) in torn.iter().zip(&errors) {
            draft.fault(toml, *at, None, syntax(error.message()));
        }
        draft.tables(toml, root.get_ref(), &torn);
        draft
    }

    /// The faults in the order of the file, one for each place.
    pub fn faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| (fault.line, fault.column));
        self.faults.dedup_by_key(|fault| (fault.line, fault.column));
        let more = self.faults.len().saturating_sub(MAX_FAULTS);
        if let Some(last) = self.faults.get_mut(MAX_FAULTS) {
            last.reason = format!("{more} more faults; mend these first");
            self.faults.truncate(MAX_FAULTS + 1);
        }
        self.faults
    }

    /// Adds a fault of rule `n` of the file.
    pub fn complain(&mut self, toml: &str, n: usize, complaint: Complaint) {
        let at = self.rules.get(n).map_or(0, |place| place.find(complaint.key, complaint.item));
        let id = self.file.rule.get(n).map(|rule| rule.id.clone());
        self.fault(toml, at, id, complaint.why);
    }

    /// Takes rule `n` out, whose faults have been told.
    pub fn drop_rule(&mut self, n: usize) {
        if n < self.rules.len() {
            self.file.rule.remove(n);
            self.rules.remove(n);
        }
    }

    /// Adds a fault of provider `n` of the file.
    pub fn complain_of_provider(&mut self, toml: &str, n: usize, complaint: Complaint) {
        let at = self.providers.get(n).map_or(0, |place| place.find(complaint.key, complaint.item));
        self.fault(toml, at, None, complaint.why);
    }

    fn fault(&mut self, toml: &str, at: usize, rule: Option<String>, reason: String) {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let column = toml.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        self.faults.push(Fault { line, column, rule: rule.filter(|id| !id.is_empty()), reason });
    }

    fn tables(&mut self, toml: &str, root: &DeTable, torn: &[usize]) {
        for (key, value) in root {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("rule", DeValue::Array(list)) => self.list(toml, list, torn, Self::rule),
                ("provider", DeValue::Array(list)) => self.list(toml, list, torn, Self::provider),
                (name @ ("rule" | "provider"), _) => {
                    self.fault(toml, key.span().start, None, format!("write [[{name}]] with two brackets before each {name}"));
                }
                (name, _) => {
                    let why =
                        format!("{name:?} stands outside of any rule; begin each rule with [[rule]]{}", meant(name, &["rule", "provider"]));
                    self.fault(toml, key.span().start, None, why);
                }
            }
        }
    }

    /// Reads the tables of a list; one with a torn line in it has been told of already.
    fn list(&mut self, toml: &str, list: &[Spanned<DeValue>], torn: &[usize], read: fn(&mut Self, &str, Range<usize>, &DeTable)) {
        for (n, value) in list.iter().enumerate() {
            let end = list.get(n + 1).map_or(toml.len(), |next| next.span().start);
            let span = value.span();
            match value.get_ref() {
                _ if n == MAX_RULES => return self.fault(toml, span.start, None, format!("more than {MAX_RULES} rules; split the file")),
                _ if torn.iter().any(|at| (span.start..end).contains(at)) => {}
                DeValue::Table(table) => read(self, toml, span, table),
                _ => self.fault(toml, span.start, None, "write each rule as a table of its own, after a line [[rule]]".into()),
            }
        }
    }

    fn rule(&mut self, toml: &str, head: Range<usize>, table: &DeTable) {
        let mut rule = RuleForm::default();
        let (before, place) = (self.faults.len(), Place::of(head, table));
        let mut wrong: Vec<(usize, String)> = Vec::new();
        for (key, value) in table {
            if let Err(why) = set_rule(&mut rule, key.get_ref(), value.get_ref()) {
                wrong.push((key.span().start, why));
            }
        }
        let causes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.id()).collect();
        for complaint in form::check_rule(&rule, &causes).into_iter().chain(too_long(&rule)) {
            wrong.push((place.find(complaint.key, complaint.item), complaint.why));
        }
        for (at, why) in wrong {
            // A key that could not be read is not also missing.
            let told = self.faults[before..].iter().any(|fault| fault.line == self.lines.partition_point(|start| *start <= at));
            if !told {
                self.fault(toml, at, Some(rule.id.clone()), why);
            }
        }
        if self.faults.len() > before {
            return;
        }
        self.ways += ways(&rule);
        if self.ways > MAX_WAYS {
            let why = format!("more than {MAX_WAYS} phrases, each choice in them counted; split the file or use fewer choices");
            return self.fault(toml, place.head.start, Some(rule.id), why);
        }
        self.file.rule.push(rule);
        self.rules.push(place);
    }

    fn provider(&mut self, toml: &str, head: Range<usize>, table: &DeTable) {
        let mut provider = Provider::default();
        let (before, place) = (self.faults.len(), Place::of(head, table));
        for (key, value) in table {
            if let Err(why) = set_provider(&mut provider, key.get_ref(), value.get_ref()) {
                self.fault(toml, key.span().start, None, why);
            }
        }
        for complaint in form::check_provider(&provider) {
            self.fault(toml, place.find(complaint.key, complaint.item), None, complaint.why);
        }
        if self.faults.len() == before {
            self.file.provider.push(provider);
            self.providers.push(place);
        }
    }
}

/// What TOML's reader says, and what is usually meant.
fn syntax(message: &str) -> String {
    format!("this line is not TOML ({message}); a text stands between quotes, a list between [ and ]")
}

fn too_long(rule: &RuleForm) -> Vec<Complaint> {
    let lists = [("text", &rule.text), ("also", &rule.also), ("unless", &rule.unless), ("match", &rule.hits), ("miss", &rule.misses)];
    let mut wrong = Vec::new();
    for (key, list) in lists {
        if list.len() > MAX_LIST {
            wrong.push(Complaint::new(key, format!("`{key}` has {} entries; at most {MAX_LIST} are read", list.len())));
        }
        let long = list.iter().position(|phrase| phrase.len() > MAX_PHRASE && !matches!(key, "match" | "miss"));
        wrong.extend(long.map(|n| Complaint { key, item: Some(n), why: format!("a phrase has at most {MAX_PHRASE} bytes; shorten it") }));
    }
    wrong
}

fn ways(rule: &RuleForm) -> usize {
    let phrases = rule.text.iter().chain(&rule.also).chain(&rule.unless);
    phrases.map(|phrase| phrase.matches('|').count() + 1).sum()
}

fn set_rule(rule: &mut RuleForm, key: &str, value: &DeValue) -> Result<(), String> {
    let owed = |what: &str| format!("`{key}` owes {what}, not a {}", value.type_str());
    let text = || value.as_str().map(str::to_string).ok_or_else(|| owed("a text between quotes"));
    let texts = || texts(value).ok_or_else(|| owed("a list of texts, as [\"…\"]"));
    let flag = || value.as_bool().ok_or_else(|| owed("true or false"));
    match key {
        "id" => rule.id = text()?,
        "cause" => rule.cause = text()?,
        "text" => rule.text = texts()?,
        "also" => rule.also = texts()?,
        "unless" => rule.unless = texts()?,
        "code" => rule.code = numbers(value).ok_or_else(|| owed("a list of numbers, as [550]"))?,
        "status" => rule.status = texts()?,
        "stage" => rule.stage = texts()?,
        "from" => rule.from = flag()?,
        "weak" => rule.weak = flag()?,
        "topic" => rule.topic = flag()?,
        "confidence" => rule.confidence = Some(text()?),
        "action" => rule.action = Some(text()?),
        "owner" => rule.owner = Some(text()?),
        "address" => rule.address = Some(text()?),
        "retry" => {
            let three = numbers(value).and_then(|list| <[u32; 3]>::try_from(list).ok());
            rule.retry = Some(three.ok_or_else(|| owed("three numbers, as [15, 60, 72]"))?);
        }
        "language" => rule.language = Some(text()?),
        "token" => rule.token = Some(text()?),
        "source" => rule.source = text()?,
        "seen" => rule.seen = text()?,
        "match" => rule.hits = texts()?,
        "miss" => rule.misses = texts()?,
        other => return Err(unknown(other, &RULE_KEYS)),
    }
    Ok(())
}

fn set_provider(provider: &mut Provider, key: &str, value: &DeValue) -> Result<(), String> {
    let owed = |what: &str| format!("`{key}` owes {what}, not a {}", value.type_str());
    let text = || value.as_str().map(str::to_string).ok_or_else(|| owed("a text between quotes"));
    let texts = || texts(value).ok_or_else(|| owed("a list of texts, as [\"…\"]"));
    let flag = || value.as_bool().ok_or_else(|| owed("true or false"));
    match key {
        "id" => provider.id = text()?,
        "name" => provider.name = text()?,
        "role" => provider.role = text()?,
        "hosts" => provider.hosts = texts()?,
        "marks" => provider.marks = texts()?,
        "domains" => provider.domains = texts()?,
        "big" => provider.big = flag()?,
        other => return Err(unknown(other, &PROVIDER_KEYS)),
    }
    Ok(())
}

fn unknown(key: &str, keys: &[&str]) -> String {
    let near = meant(key, keys);
    let all = if near.is_empty() { format!("; there are {}", keys.join(", ")) } else { near };
    format!("there is no key {key:?}{all}")
}

fn texts(value: &DeValue) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_string)).collect()
}

/// Decimal numbers; TOML's hexadecimal ones mean nothing here.
fn numbers<T: std::str::FromStr>(value: &DeValue) -> Option<Vec<T>> {
    value.as_array()?.iter().map(|item| item.get_ref().as_integer().filter(|n| n.radix() == 10)?.as_str().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(toml: &str) -> Vec<(usize, String)> {
        read(toml).expect_err("faults").into_iter().map(|fault| (fault.line, fault.to_string())).collect()
    }

    #[test]
    fn reads_a_rule_with_every_key() {
        let toml = "[[provider]]\nid = 'example_mail'\nname = 'Example Mail'\nrole = 'mailbox_provider'\nhosts = ['mx.example.net']\n\
                    [[rule]]\nid = 'example_mail.full'\ncause = 'mailbox_full'\ntext = ['no room left in {addr}']\nalso = ['try later']\n\
                    unless = ['was moved']\ncode = [452, 5]\nstatus = ['4.2.*']\nstage = ['rcpt_to']\nfrom = true\nweak = false\n\
                    confidence = 'medium'\naction = 'review'\nowner = 'recipient'\naddress = 'unknown'\nretry = [5, 60, 48]\n\
                    language = 'en'\ntoken = 'EX1'\nsource = 'https://example.net/'\nseen = '2026-11'\nmatch = ['x']\nmiss = ['y']\n";
        let file = read(toml).expect("no fault");
        assert_eq!((file.provider.len(), file.rule[0].code.as_slice(), file.rule[0].retry), (1, &[452, 5][..], Some([5, 60, 48])));
        assert!(read("").expect("an empty file is no fault").rule.is_empty());
    }

    #[test]
    fn every_broken_rule_is_told_with_its_line() {
        let toml = "[[rule]]\nid = \"own.a\"\ncause = \"user_unkown\"\ntext = [\"no such person here\"]\n\n\
                    [[rule]]\nid = \"own.b\"\ncause = \"local_policy\"\ntext = [\"fine words here\", \"Upper case\"]\ncodes = [550]\n\n\
                    [[rule]]\nid = \"b\"\ncause = \"local_policy\"\ncode = [\"550\"]\n";
        let told = faults(toml);
        let lines: Vec<usize> = told.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 9, 10, 12, 13, 15], "{told:#?}");
        assert!(told[0].1.contains("did you mean \"user_unknown\""), "{told:#?}");
        assert!(told[2].1.contains("did you mean \"code\""), "{told:#?}");
        assert!(told[5].1.contains("a list of numbers, as [550]"), "{told:#?}");
    }

    #[test]
    fn a_torn_line_does_not_hide_the_others() {
        let toml = "[[rule]]\nid = \"own.a\"\ncause = local_policy\ntext = [\"words of a kind\"]\n[[rule]]\nid = \"own.b\"\ncause = \"nonsense\"\ntext = [\"words of a kind\"]\n";
        let told = faults(toml);
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 7], "{told:#?}");
        assert!(told[0].1.contains("not TOML"), "{told:#?}");
    }

    #[test]
    fn a_single_bracket_and_a_stray_key_are_told() {
        assert!(faults("[rule]\nid = \"own.a\"\n")[0].1.contains("[[rule]]"));
        assert!(faults("colour = \"red\"\n")[0].1.contains("outside of any rule"));
    }

    #[test]
    fn limits_hold() {
        assert!(faults(&"#".repeat(MAX_BYTES + 1))[0].1.contains("bytes"));
        let long = format!("[[rule]]\nid = \"own.a\"\ncause = \"local_policy\"\ntext = [\"{}\"]\n", "x".repeat(MAX_PHRASE + 1));
        assert_eq!(faults(&long)[0].0, 4);
        let many = "[[rule]]\n".repeat(MAX_RULES + 1);
        assert_eq!(read(&many).expect_err("faults").len(), MAX_FAULTS + 1);
    }
}
