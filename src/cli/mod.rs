//! The command line: `decode`, `batch` and `csv`, on the same core as the page.
//!
//! Exit codes: 0 done, 1 some input could not be read (said on standard error, the rest done), 2 wrong usage.

mod csv;

use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

use lexopt::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::judge::pack::Pack;
use crate::rules::dry_run::Fault;
use crate::verdict::{Decoded, Outcome};

const HELP: &str = "\
undelivered: why a mail bounced, whose move it is, what to do next.

  undelivered decode [--json] [--rules FILE] [FILE]...   a verdict of each file, or of standard input
  undelivered batch [--brief] [--rules FILE] [FILE]      JSON Lines {\"id\": …, \"text\": …} in, one line each out
  undelivered csv [OPTION]... FILE...                    an export of bounces: what is going on, and whom to suppress
  undelivered --version

  --json         one compact JSON object a line, with \"file\" as given (\"-\": standard input)
  --brief        one flat row for each outcome
  --rules FILE   your own rules (TOML), before ours

csv reads several files as one analysis; a file may also hold jobs and their sizes, keys and addresses, or a suppression list.
  --json               the analysis as one JSON object; with --rows every person's decision in it
  --out DIR            write decisions.csv, decisions.jsonl, suppress.csv, analysis.json, report.md, errors.csv
  --profile P          how those tables are written: generic, excel, platform
  --redact             without keys, addresses shortened
  --map FIELD=COLUMN   which column holds what; FIELD is text, key, recipient, domain, timestamp, job, source, label, code, enhanced, ip, …
  --day-order O        mdy, dmy or ymd, where the dates do not tell
  --time-zone Z        of times that name none, as -06:00
  --encoding E         as utf-16le, where it is not found
  --format ID          as sfmc_bounce_view, where it is not found
  --sent N             messages sent: rates need it
  --preset P           when a full mailbox is given up: 3_in_15_days, 3_in_72_hours, 2_in_7_days
  --gates G            limits of the rates: strict, lenient
  --trusted FILE       domains that your Marketing Cloud account trusts, one a line

Exit codes: 0 done · 1 some input could not be read, the rest is done · 2 wrong usage
";

enum Job {
    Decode { json: bool, files: Vec<OsString>, rules: Option<OsString> },
    Batch { brief: bool, file: Option<OsString>, rules: Option<OsString> },
    Csv(Box<csv::Job>),
    Print(String),
}

impl Job {
    /// The file of own rules, where one was named.
    fn rules(&self) -> Option<&OsString> {
        match self {
            Self::Decode { rules, .. } | Self::Batch { rules, .. } => rules.as_ref(),
            Self::Csv(job) => job.rules.as_ref(),
            Self::Print(_) => None,
        }
    }
}

/// Runs the command line on the process's own arguments.
pub fn main() -> ExitCode {
    let job = match parse(lexopt::Parser::from_env()) {
        Ok(job) => job,
        Err(why) => {
            eprintln!("undelivered: {why}\nTry: undelivered --help");
            return ExitCode::from(2);
        }
    };
    let own = match job.rules().map(own_rules).transpose() {
        Ok(own) => own,
        Err(told) => {
            eprintln!("{told}");
            return ExitCode::from(2);
        }
    };
    let (pack, out) = (own.as_ref(), &mut io::BufWriter::new(io::stdout().lock()));
    let pack = || pack.unwrap_or_else(|| Pack::built_in());
    let done = match job {
        Job::Print(text) => out.write_all(text.as_bytes()).map(|()| true),
        Job::Decode { json, files, .. } => decode(&files, json, pack(), out),
        Job::Batch { brief, file, .. } => batch(file, brief, pack(), out),
        Job::Csv(job) => csv::run(*job, pack(), out),
    };
    match done.and_then(|all| out.flush().map(|()| all)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("undelivered: {error}");
            ExitCode::from(1)
        }
    }
}

/// The rules of this build with those of a file before them.
///
/// # Errors
/// One line for each fault, as `file:line: reason`.
fn own_rules(file: &OsString) -> Result<Pack, String> {
    let name = file.to_string_lossy();
    let toml = std::fs::read_to_string(file).map_err(|error| format!("undelivered: {name}: {error}"))?;
    let told = |fault: &Fault| format!("{name}:{}: {}", fault.line, visible(&fault.to_string()));
    crate::own::load(&toml).map_err(|faults| faults.iter().map(told).collect::<Vec<_>>().join("\n"))
}

fn parse(mut args: lexopt::Parser) -> Result<Job, lexopt::Error> {
    let mut command = None;
    let (mut json, mut brief, mut files, mut rules) = (false, false, Vec::new(), None);
    let mut sheet = csv::Job::default();
    while let Some(arg) = args.next()? {
        if let (Long(name), Some("csv")) = (&arg, command.as_deref())
            && !matches!(*name, "help" | "version")
        {
            let name = name.to_string();
            if !sheet.take(&name, &mut args)? {
                return Err(format!("no option --{name} of csv").into());
            }
            continue;
        }
        match arg {
            Short('h') | Long("help") => return Ok(Job::Print(HELP.into())),
            Short('V') | Long("version") => {
                let tool = Pack::built_in().tool();
                return Ok(Job::Print(format!("undelivered {} (rules {}, schema {})\n", tool.app, tool.rules, tool.schema)));
            }
            Long("json") if command.as_deref() == Some("decode") => json = true,
            Long("brief") if command.as_deref() == Some("batch") => brief = true,
            Long("rules") if command.is_some() => rules = Some(args.value()?),
            Value(name) if command.is_none() => command = Some(name.string()?),
            Value(file) => files.push(file),
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        Some("decode") => Ok(Job::Decode { json, files, rules }),
        Some("batch") if files.len() <= 1 => Ok(Job::Batch { brief, file: files.pop(), rules }),
        Some("batch") => Err("batch reads one file".into()),
        Some("csv") => Ok(Job::Csv(Box::new(csv::Job { files, ..sheet }))),
        Some(other) => Err(format!("no command {other:?}; there are decode, batch and csv").into()),
        None => Ok(Job::Print(HELP.into())),
    }
}

/// The bytes of a file, or of standard input for `-`.
fn bytes_of(file: &OsString) -> io::Result<Vec<u8>> {
    if file != "-" {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(files: &[OsString], json: bool, pack: &Pack, out: &mut impl Write) -> io::Result<bool> {
    let stdin = [OsString::from("-")];
    let files = if files.is_empty() { &stdin } else { files };
    let mut all_read = true;
    for file in files {
        let name = file.to_string_lossy();
        match bytes_of(file) {
            Ok(bytes) => {
                let mut mails = crate::decode_each(&bytes, pack).enumerate().peekable();
                while let Some((number, one)) = mails.next() {
                    let message = (number > 0 || mails.peek().is_some()).then_some(number + 1);
                    if json {
                        print_json(&name, message, &one, out)?
                    } else {
                        print_plain(&name, message, &one, out)?
                    }
                    all_read &= one.input.form != crate::verdict::Form::Binary;
                }
            }
            Err(error) => {
                eprintln!("undelivered: {name}: {error}");
                all_read = false;
            }
        }
    }
    Ok(all_read)
}

fn print_json(name: &str, message: Option<usize>, decoded: &Decoded, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Printed { file: name, message, decoded })?;
    out.write_all(b"\n")
}

/// A verdict with the file and the place in it that it is of.
#[derive(Serialize)]
struct Printed<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<usize>,
    #[serde(flatten)]
    decoded: &'a Decoded,
}

fn print_plain(name: &str, message: Option<usize>, decoded: &Decoded, out: &mut impl Write) -> io::Result<()> {
    let of = message.map(|number| format!(", message {number}")).unwrap_or_default();
    writeln!(out, "{name}{of}: {}", crate::text::line("form_name", decoded.input.form.id()))?;
    for outcome in &decoded.outcomes {
        print_outcome(outcome, out)?;
    }
    for warning in &decoded.warnings {
        writeln!(out, "  ! {}", visible(warning))?;
    }
    for line in &decoded.unread {
        writeln!(out, "  not understood: {}", visible(line))?;
    }
    writeln!(out)
}

fn print_outcome(outcome: &Outcome, out: &mut impl Write) -> io::Result<()> {
    let name = |table: &str, id: &str| crate::text::line(table, id).to_string();
    writeln!(out, "\n  {}", visible(&outcome.summary))?;
    if let Some(recipient) = &outcome.recipient {
        writeln!(out, "    recipient     {}", visible(recipient))?;
    }
    writeln!(out, "    cause         {} / {}", outcome.bucket.id(), outcome.cause.id())?;
    writeln!(out, "    action        {}: {}", name("action_name", outcome.action.id()), visible(&outcome.notes.action))?;
    writeln!(out, "    owner         {}: {}", name("owner_name", outcome.owner.id()), visible(&outcome.notes.owner))?;
    writeln!(out, "    this attempt  {}", name("permanence_name", outcome.permanence.id()))?;
    writeln!(out, "    this address  {}", name("address_name", outcome.address.id()))?;
    writeln!(out, "    confidence    {} ({})", outcome.confidence.id(), outcome.notes.confidence)?;
    for proof in &outcome.evidence {
        writeln!(out, "    proof         \"{}\" ({})", visible(&proof.quote), proof.rule)?;
    }
    for (mark, lines) in [('+', &outcome.dos), ('x', &outcome.do_not)] {
        for line in lines {
            writeln!(out, "    {mark} {}", visible(line))?;
        }
    }
    for (number, step) in outcome.next_steps.iter().enumerate() {
        writeln!(out, "    {}. {}", number + 1, visible(step))?;
    }
    Ok(())
}

/// Bounce text is hostile: control characters would drive the terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn batch(file: Option<OsString>, brief: bool, pack: &Pack, out: &mut impl Write) -> io::Result<bool> {
    let input: Box<dyn BufRead> = match &file {
        Some(path) if path != "-" => match std::fs::File::open(path) {
            Ok(file) => Box::new(io::BufReader::new(file)),
            Err(error) => {
                eprintln!("undelivered: {}: {error}", path.to_string_lossy());
                return Ok(false);
            }
        },
        _ => Box::new(io::stdin().lock()),
    };
    let mut all_read = true;
    for (number, line) in input.split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match batch_line(&line, pack) {
            Ok((object, decoded)) => print_batch(object, &decoded, brief, out)?,
            Err(why) => {
                all_read = false;
                eprintln!("undelivered: line {}: {why}", number + 1);
                writeln!(out, "{}", json!({ "line": number + 1, "error": why }))?;
            }
        }
    }
    Ok(all_read)
}

fn batch_line(line: &[u8], pack: &Pack) -> Result<(Map<String, Value>, Decoded), String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let Value::Object(object) = value else { return Err("not a JSON object".into()) };
    let text = object.get("text").and_then(Value::as_str).ok_or("no \"text\" string")?;
    let decoded = crate::decode_with(text.as_bytes(), pack).into_iter().next().ok_or("nothing to read")?;
    Ok((object, decoded))
}

fn print_batch(mut object: Map<String, Value>, decoded: &Decoded, brief: bool, out: &mut impl Write) -> io::Result<()> {
    if !brief {
        object.insert("decoded".into(), serde_json::to_value(decoded)?);
        return writeln!(out, "{}", Value::Object(object));
    }
    for (index, outcome) in decoded.outcomes.iter().enumerate() {
        let row = json!({
            "id": object.get("id"), "outcome": index, "bucket": outcome.bucket, "cause": outcome.cause, "action": outcome.action,
            "permanence": outcome.permanence, "address": outcome.address, "confidence": outcome.confidence,
            "smtp_code": outcome.reply.smtp_code, "enhanced": outcome.reply.enhanced,
            "provider": outcome.provider.as_ref().map(|company| &company.id), "recipient": outcome.recipient,
        });
        writeln!(out, "{row}")?;
    }
    Ok(())
}
