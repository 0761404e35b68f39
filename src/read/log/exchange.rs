//! Exchange and Microsoft 365: the last error of a trace, `[{LED=550 5.1.10 …};{MSG=…};{FQDN=…};{IP=…};{LRT=…}]`.
//! Form: learn.microsoft.com, "Message trace" and "Message tracking".

use super::{Log, Seen, event_of};
use crate::read::scan;

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let (head, trace) = line.split_once("{LED=")?;
    let tracked = log.columns.tracked(line);
    let waits = tracked.is_some_and(|(_, deferred)| deferred) || scan::find_ci(head, "defer").is_some();
    let mut event = event_of(false, waits);
    event.recipient = tracked.map(|(recipient, _)| recipient).or_else(|| last_address(head)).map(str::to_owned);
    event.words.extend(log.draft.span(part(trace)));
    event.around.extend(scan::after(trace, "{MSG=").and_then(|message| log.draft.span(part(message))));
    event.hosts.extend(scan::after(trace, "{FQDN=").and_then(scan::host).map(str::to_owned));
    log.push(event)
}

/// Up to the brace that ends this item of the list.
fn part(item: &str) -> &str {
    let end = ["};{", "};", "}]"].iter().filter_map(|end| item.find(end)).min();
    end.or_else(|| item.find('}')).and_then(|end| item.get(..end)).unwrap_or(item)
}

/// The recipient stands right before its status.
fn last_address(head: &str) -> Option<&str> {
    head.split([' ', ',', ';', '\t', '\n', '"', '#', '<', '>']).rfind(|word| scan::is_address(word))
}
