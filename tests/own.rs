//! The user's own rules: their place among ours, their faults, the dry run, the command line.

use undelivered::judge::pack::{Pack, rule_file};
use undelivered::own::{dry_run, load};
use undelivered::rules::dry_run::Fault;
use undelivered::verdict::{Action, Cause, Confidence};

const OWN: &str = r#"
[[rule]]
id = "own.full"
cause = "mailbox_full"
text = ["user unknown"]
match = ["550 5.1.1 <ann@example.com>: User unknown"]
miss = ["550 5.1.1 no such user"]
"#;

fn cause(text: &str, pack: &Pack) -> (Cause, Confidence, Action) {
    let outcome = undelivered::decode_with(text.as_bytes(), pack).remove(0).outcomes.remove(0);
    (outcome.cause, outcome.confidence, outcome.action)
}

fn faults(toml: &str) -> Vec<Fault> {
    load(toml).err().unwrap_or_default()
}

#[test]
fn own_words_come_before_all_of_ours() {
    let pack = load(OWN).expect("no faults");
    let text = "550 5.1.1 The email account that you tried to reach does not exist; user unknown - gsmtp";
    assert_eq!(cause(text, Pack::built_in()).0, Cause::UserUnknown);
    assert_eq!(cause(text, &pack).0, Cause::MailboxFull);
    let decoded = undelivered::decode_with(text.as_bytes(), &pack).remove(0);
    assert_eq!(decoded.outcomes[0].evidence[0].rule, "own.full");
    assert!(decoded.tool.rules.ends_with(" +1 own"), "{}", decoded.tool.rules);
}

#[test]
fn an_own_code_never_outranks_words_nor_suppresses() {
    let pack = load("[[rule]]\nid = \"own.dead\"\ncause = \"user_unknown\"\ncode = [550]\nconfidence = \"high\"\naction = \"suppress\"\n");
    let pack = pack.expect("no faults");
    assert_eq!(cause("550 Message refused: mailbox is full", &pack).0, Cause::MailboxFull);
    let (cause, confidence, action) = cause("550 Zzz qqq", &pack);
    assert_eq!(cause, Cause::UserUnknown);
    assert!(confidence < Confidence::High && action != Action::Suppress, "{confidence:?} {action:?}");
}

#[test]
fn an_own_rule_may_speak_for_a_known_provider() {
    let toml = "[[rule]]\nid = \"gmail.mine\"\ncause = \"local_policy\"\ntext = [\"odd words of the day\"]\nfrom = true\n";
    let pack = load(toml).expect("no faults");
    assert_eq!(cause("550 odd words of the day - gsmtp", &pack).0, Cause::LocalPolicy);
    assert_ne!(cause("550 odd words of the day", &pack).0, Cause::LocalPolicy);
}

#[test]
fn ours_alone_stay_as_they_are_without_own_rules() {
    let pack = load("# nothing yet\n").expect("no faults");
    assert_eq!(pack.rules.len(), rule_file().rule.len());
    assert_eq!(pack.tool(), Pack::built_in().tool());
}

#[test]
fn what_the_engine_finds_is_told_with_its_line() {
    let toml = "[[rule]]\nid = \"gmail.no_such_user\"\ncause = \"user_unknown\"\ntext = [\"some words\"]\n\
                [[rule]]\nid = \"own.a\"\ncause = \"local_policy\"\ntext = [\"some words\"]\nstage = [\"dinner\"]\n\
                [[rule]]\nid = \"own.b\"\ncause = \"local_policy\"\ntext = [\"some words\"]\nstatus = [\"9.9.9\"]\n\
                [[rule]]\nid = \"own.c\"\ncause = \"local_policy\"\ntext = [\"some words\"]\nfrom = true\n\
                [[rule]]\nid = \"own.d\"\ncause = \"local_policy\"\ntext = [\"some words\"]\nmatch = [\n  \"550 some words\",\n  \"550 5.1.1 user unknown\",\n]\n\
                [[rule]]\nid = \"own.e\"\ncause = \"local_policy\"\ntext = [\"other words\"]\nmiss = [\"550 other words\"]\n\
                [[provider]]\nid = \"gmail\"\nname = \"Gmail\"\nrole = \"mailbox_provider\"\n";
    let told = faults(toml);
    let lines: Vec<usize> = told.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 9, 14, 19, 26, 32, 34], "{told:#?}");
    assert!(told[0].reason.contains("is taken") && told[1].reason.contains("rcpt_to"), "{told:#?}");
    assert!(told[4].reason.contains("user_unknown wins"), "{told:#?}");
}

#[test]
fn a_dry_run_says_what_would_change() {
    let input = "550 5.1.1 <ann@example.com>: User unknown";
    let run = dry_run(OWN, input.as_bytes(), None, Pack::built_in());
    assert_eq!((run.rules, run.outcomes, run.won, run.changed), (1, 1, 1, 1));
    assert_eq!((run.changes[0].before.cause, run.changes[0].after.cause), (Cause::UserUnknown, Cause::MailboxFull));
    assert_eq!(run.changes[0].after.rule.as_deref(), Some("own.full"));
    let again = dry_run(OWN, input.as_bytes(), None, &load(OWN).expect("no faults"));
    assert_eq!((again.won, again.changed), (1, 0));
    assert_eq!(dry_run("[rule]", input.as_bytes(), None, Pack::built_in()).faults.len(), 1);
    assert_eq!(dry_run(OWN, b"", None, Pack::built_in()).outcomes, 0);
}

/// The rule that the documentation shows, with its dots filled in.
#[test]
fn the_example_of_the_documentation_has_no_faults_of_form() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md")).expect("docs/rules.md");
    let example = docs.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    assert_eq!(undelivered::rules::own::read(example).map(|file| file.rule.len()), Ok(1));
}

/// Pieces of rule files, whole and torn.
const SHREDS: [&str; 24] = [
    "[[rule]]\n",
    "[rule]\n",
    "[[provider]]\n",
    "id = \"own.a\"\n",
    "id = 5\n",
    "cause = \"user_unknown\"\n",
    "cause = \"",
    "text = [\"",
    "text = []\n",
    "\"]\n",
    "text = [\"{a|b|c} words of {addr}*\"]\n",
    "{|",
    "code = [550, 4]\n",
    "code = [0x10, -1, 99999999999]\n",
    "status = [\"5.*.1\"]\n",
    "stage = [\"rcpt_to\", 1]\n",
    "retry = [9, 1, 1]\n",
    "match = [\"550 words of a@b\"]\n",
    "\u{fc}\u{4f60}\r\n",
    "'''\n",
    "#",
    "= = =",
    "rule = [1, {id = \"x.y\"}]\n",
    "\\",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    /// Whatever is read, it ends, and every fault stands on a line of the file.
    #[test]
    fn any_file_is_read_to_its_end(picks in proptest::collection::vec(0..SHREDS.len(), 0..40), noise in ".{0,40}") {
        let mut toml: String = picks.into_iter().map(|pick| SHREDS[pick]).collect();
        toml += &noise;
        let lines = toml.split('\n').count();
        if let Err(faults) = undelivered::rules::own::read(&toml) {
            assert!(!faults.is_empty() && faults.iter().all(|fault| (1..=lines).contains(&fault.line) && fault.column > 0), "{faults:?}");
        }
    }
}

#[cfg(feature = "cli")]
mod command_line {
    use std::io::Write;
    use std::path::PathBuf;
    use std::process::{Command, Output, Stdio};

    fn file(name: &str, content: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("undelivered-{}-{name}", std::process::id()));
        std::fs::write(&path, content).expect("a file");
        path
    }

    fn run(words: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_undelivered"));
        let command = command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        // A program that refuses its arguments does not read its input.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        child.wait_with_output().expect("an output")
    }

    #[test]
    fn own_rules_decide_in_decode_and_in_batch() {
        let rules = file("good.toml", super::OWN);
        let rules = rules.to_str().expect("a plain path");
        let out = run(&["decode", "--json", "--rules", rules], "550 5.1.1 User unknown");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success() && said.contains("own.full") && said.contains("+1 own"), "{said}");
        let out = run(&["batch", "--brief", "--rules", rules], "{\"id\": 1, \"text\": \"550 5.1.1 User unknown\"}\n");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success() && said.contains("mailbox_full"), "{said}");
    }

    #[test]
    fn a_broken_file_is_told_line_by_line_and_ends_with_2() {
        let rules = file("broken.toml", "[[rule]]\nid = \"own.a\"\ncause = \"no_such_cause\"\ntext = [\"abc\"]\n");
        let out = run(&["decode", "--rules", rules.to_str().expect("a plain path")], "550 x");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2));
        assert!(said.contains("broken.toml:3: rule own.a:") && said.contains("broken.toml:4: rule own.a:"), "{said}");
        assert_eq!(run(&["decode", "--rules", "/no/such/file"], "").status.code(), Some(2));
    }
}
