//! `undelivered csv`: an export of bounces as a report, lists and the published object.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use lexopt::prelude::*;

use super::visible;
use crate::analysis::order::{Order, Profile, What};
use crate::analysis::{Analysis, Breakdown, DayOrder, Filter, Gates, Hints, Need, Preset, Settings};
use crate::analyst::Analyst;
use crate::export;
use crate::judge::pack::Pack;
use crate::tally::Court;

/// Bytes read at a time.
const PIECE: usize = 1 << 20;
/// Lines of a list in the readable report.
const LINES: usize = 12;

/// What was asked for.
#[derive(Default)]
pub struct Job {
    pub files: Vec<OsString>,
    pub json: bool,
    /// People too, in the object.
    pub rows: bool,
    pub out: Option<PathBuf>,
    pub profile: Option<Profile>,
    pub redact: bool,
    pub hints: Hints,
    pub settings: Settings,
    pub rules: Option<OsString>,
}

impl Job {
    /// Takes one option, if it is one of this command's.
    pub fn take(&mut self, name: &str, args: &mut lexopt::Parser) -> Result<bool, lexopt::Error> {
        match name {
            "json" => self.json = true,
            "rows" => self.rows = true,
            "redact" => self.redact = true,
            "out" => self.out = Some(args.value()?.into()),
            "rules" => self.rules = Some(args.value()?),
            "map" => self.hints.map.push(mapped(&args.value()?.string()?)?),
            "sent" => self.settings.sent = Some(args.value()?.parse()?),
            "time-zone" => self.hints.time_zone = Some(args.value()?.string()?),
            "encoding" => self.hints.encoding = Some(args.value()?.string()?),
            "format" => self.hints.format = Some(args.value()?.string()?),
            "preset" => self.settings.preset = chosen("preset", &args.value()?.string()?, &Preset::ALL, |preset| preset.id())?,
            "gates" => {
                let gates = [Gates::Strict, Gates::Lenient];
                self.settings.gates = chosen("gates", &args.value()?.string()?, &gates, |gates| gates.id())?;
            }
            "profile" => self.profile = Some(chosen("profile", &args.value()?.string()?, Profile::ALL, |profile| profile.id())?),
            "day-order" => {
                let orders = [DayOrder::Mdy, DayOrder::Dmy, DayOrder::Ymd];
                self.hints.day_order = Some(chosen("day order", &args.value()?.string()?, &orders, |order| order.id())?);
            }
            "trusted" => self.settings.trusted_domains = Some(trusted(&args.value()?)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `field=column`; a column is given again for a second one.
fn mapped(text: &str) -> Result<(Need, Vec<String>), lexopt::Error> {
    let (field, column) = text.split_once('=').ok_or("--map takes field=column, as --map text=Reason")?;
    Ok((chosen("field", field, Need::ALL, |need| need.id())?, vec![column.to_string()]))
}

fn chosen<T: Copy>(what: &str, id: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, lexopt::Error> {
    let names = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|one| name(*one) == id).ok_or_else(|| format!("there is no {what} {id:?}; it is one of {}", names()).into())
}

/// One domain a line.
fn trusted(file: &OsString) -> Result<Vec<String>, lexopt::Error> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.to_string_lossy()))?;
    Ok(text.lines().map(|line| line.trim().to_ascii_lowercase()).filter(|line| !line.is_empty()).collect())
}

/// Reads, reports and writes. `Ok(false)` where some input could not be read.
pub fn run(mut job: Job, pack: &Pack, out: &mut impl Write) -> io::Result<bool> {
    job.settings.time_zone = job.hints.time_zone.clone();
    job.settings.rules_file = job.rules.as_ref().map(|file| file.to_string_lossy().into_owned());
    let court = Court::new(pack);
    let mut analyst = Analyst::default();
    let mut all_read = true;
    let stdin = [OsString::from("-")];
    for file in if job.files.is_empty() { &stdin[..] } else { &job.files } {
        if let Err(error) = read(file, &job.hints, &mut analyst, &court) {
            eprintln!("undelivered: {}: {error}", file.to_string_lossy());
            all_read = false;
        }
    }
    for (name, trouble) in analyst.troubles() {
        eprintln!("undelivered: {}: {trouble}", visible(name));
        all_read = false;
    }
    let (mut analysis, breakdown) = analyst.analysis(pack, &Filter::default(), &job.settings);
    if analysis.rows.read == 0 && all_read {
        eprintln!("undelivered: no bounces in what was read; give the export of bounces too");
    }
    all_read &= analysis.rows.read > analysis.rows.unreadable;
    if job.rows {
        analysis.decisions.rows = Some(analyst.decisions(&job.settings).collect());
    }
    if let Some(folder) = &job.out {
        save(&job, folder, &analyst, &analysis, &breakdown)?;
    }
    if job.json {
        serde_json::to_writer(&mut *out, &analysis)?;
        writeln!(out)?;
    } else {
        print(&analysis, &breakdown, out)?;
    }
    Ok(all_read)
}

fn read(file: &OsString, hints: &Hints, analyst: &mut Analyst, court: &Court<'_>) -> io::Result<()> {
    let name = Path::new(file).file_name().unwrap_or(file).to_string_lossy().into_owned();
    let (mut input, bytes): (Box<dyn Read>, Option<u64>) = if file == "-" {
        (Box::new(io::stdin().lock()), None)
    } else {
        let opened = File::open(file)?;
        let about = opened.metadata()?;
        if about.is_dir() {
            return Err(io::Error::other("this is a folder; give the files in it"));
        }
        (Box::new(opened), Some(about.len()).filter(|_| about.is_file()))
    };
    analyst.open(if file == "-" { "standard input" } else { &name }, bytes, hints.clone());
    let mut piece = vec![0; PIECE];
    let mut meter = Meter::new(bytes);
    loop {
        match input.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => analyst.feed(&piece[..length], court, None, &mut |_, _| ()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                analyst.close(false, court, None, &mut |_, _| ());
                return Err(error);
            }
        }
        meter.show(analyst);
    }
    meter.end();
    analyst.close(true, court, None, &mut |_, _| ());
    Ok(())
}

/// One line on a terminal that tells how far the reading is.
struct Meter {
    total: Option<u64>,
    begun: Instant,
    shown: Option<Instant>,
}

impl Meter {
    fn new(total: Option<u64>) -> Self {
        Self { total, begun: Instant::now(), shown: None }
    }

    fn show(&mut self, analyst: &Analyst) {
        if !io::stderr().is_terminal() || self.shown.is_some_and(|at| at.elapsed().as_millis() < 200) {
            return;
        }
        self.shown = Some(Instant::now());
        let (bytes, rows) = (analyst.read_bytes(), analyst.tally.rows);
        let megabytes = |count: u64| count as f64 / 1e6;
        let of = self.total.map(|total| format!(" of {:.0}", megabytes(total))).unwrap_or_default();
        let spent = self.begun.elapsed().as_secs_f64();
        let left = self.total.filter(|_| spent > 1.0 && bytes > 0).map(|total| {
            let rest = total.saturating_sub(bytes) as f64 * spent / bytes as f64;
            format!(" · about {rest:.0} s left")
        });
        eprint!(
            "\r{:.0}{of} MB · {} rows · {} not readable{}\x1b[K",
            megabytes(bytes),
            rows.read,
            rows.unreadable,
            left.unwrap_or_default()
        );
    }

    fn end(&self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

/// The files of `--out`.
fn save(job: &Job, folder: &Path, analyst: &Analyst, analysis: &Analysis, breakdown: &Breakdown) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let order = |what| Order { what, profile: job.profile.unwrap_or(Profile::Generic), redact: job.redact, finding: None, limit: None };
    let put = |name: &str, text: &str| fs::write(folder.join(name), text);
    for (name, what) in [("decisions.csv", What::Decisions), ("decisions.jsonl", What::DecisionLines), ("suppress.csv", What::Suppress)] {
        people(&order(what), &folder.join(name), analyst, analysis, &job.settings)?;
    }
    let object = Analysis { decisions: crate::analysis::Decisions { rows: None, ..analysis.decisions.clone() }, ..analysis.clone() };
    put("analysis.json", &export::analysis(&object))?;
    put("report.md", &export::report(&order(What::Report), analysis, breakdown))?;
    put("errors.csv", &export::errors(&order(What::Errors), analysis, &analysis.errors))
}

fn people(order: &Order, path: &Path, analyst: &Analyst, analysis: &Analysis, settings: &Settings) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let out = export::people_out(order.what, &analysis.decisions.summary);
    let mut list = export::People::new(order, analysis, out);
    for person in analyst.decisions(settings).filter(|person| export::belongs(order.what, person)) {
        list.add(&person);
        file.write_all(list.take().as_bytes())?;
    }
    file.write_all(list.take().as_bytes())?;
    file.flush()
}

/// The report for a terminal.
fn print(analysis: &Analysis, breakdown: &Breakdown, out: &mut impl Write) -> io::Result<()> {
    let rows = &analysis.rows;
    writeln!(out, "{}: {}", visible(&analysis.source.name), visible(&analysis.format.name))?;
    writeln!(
        out,
        "  {} rows: {} decided, {} undecided, {} no bounces, {} not readable",
        rows.read, rows.decided, rows.undecided, rows.not_bounces, rows.unreadable
    )?;
    for warning in &analysis.warnings {
        writeln!(out, "  ! {}", visible(warning))?;
    }
    if rows.read == 0 {
        return Ok(());
    }
    writeln!(out, "\nFindings")?;
    if analysis.findings.is_empty() {
        writeln!(out, "  No pattern stands out.")?;
    }
    for (number, finding) in analysis.findings.iter().enumerate() {
        writeln!(out, "  {}. {}", number + 1, visible(&finding.sentence))?;
        for (mark, lines) in [('+', &finding.dos), ('x', &finding.do_not)] {
            for line in lines {
                writeln!(out, "     {mark} {}", visible(line))?;
            }
        }
    }
    print_decisions(analysis, out)?;
    print_slices(analysis, breakdown, out)?;
    for error in analysis.errors.iter().take(LINES) {
        writeln!(out, "  line {}: {}", error.line, visible(&error.reason))?;
    }
    Ok(())
}

fn print_decisions(analysis: &Analysis, out: &mut impl Write) -> io::Result<()> {
    let told = &analysis.decisions.summary;
    writeln!(out, "\nDecisions, one a person ({})", analysis.settings.preset.id())?;
    let counts = [
        ("suppress", told.suppress),
        ("unsubscribe", told.unsubscribe),
        ("retry", told.retry),
        ("retry, limited", told.retry_limited),
        ("hold", told.hold),
        ("review", told.review),
    ];
    for (name, count) in counts.iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "  {name:<16}{count:>9}")?;
    }
    let kept = analysis.labels.kept_off_suppression;
    if kept > 0 {
        writeln!(out, "  {kept} people with a hard label are kept off the suppression list: nothing proves them dead.")?;
    }
    let gates = &analysis.gates;
    let rate = |rate: Option<f64>| rate.map_or_else(|| "needs the number sent (--sent N)".into(), |rate| format!("{:.2} %", rate * 100.0));
    writeln!(out, "\nGates: hard {} · total {} · {}", rate(gates.hard_rate), rate(gates.total_rate), gates.status)
}

fn print_slices(analysis: &Analysis, breakdown: &Breakdown, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nProviders")?;
    for share in breakdown.providers.iter().take(LINES) {
        writeln!(out, "  {:<24}{:>9}", visible(&share.name), share.count)?;
    }
    writeln!(out, "\nReplies")?;
    for template in analysis.templates.iter().take(LINES) {
        let text: String = visible(&template.template).chars().take(90).collect();
        writeln!(out, "  {:>9}  {:<22} {text}", template.count, template.cause.id())?;
    }
    Ok(())
}
