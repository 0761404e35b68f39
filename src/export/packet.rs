//! The letter about a finding, as text, Markdown or a draft mail.

use super::{Stamp, redact};
use crate::analysis::order::{Order, What};
use crate::analysis::{Analysis, Packet};
use crate::view::plain::{encoded_subject, escape, fenced, one_line, wrap};

/// What stands where a person has to fill something in.
pub const GAP: &str = "[to fill in]";
/// Columns of plain text (RFC 5322 §2.1.1 recommends 78 at most).
const COLUMNS: usize = 72;

/// The letter in the form that the order names.
pub fn packet(order: &Order, analysis: &Analysis, packet: &Packet) -> String {
    let stamp = Stamp::of(analysis).line(None);
    let whole = match order.what {
        What::PacketMarkdown => markdown(packet, &stamp),
        What::PacketMail => mail(packet, &stamp),
        _ => format!("{}\n\n{}", one_line(&packet.subject), plain(packet, &stamp)),
    };
    if order.redact { redact::text(&whole) } else { whole }
}

fn fields(packet: &Packet) -> impl Iterator<Item = (&str, String)> {
    packet.fields.iter().map(|field| (field.name.as_str(), field.value.as_deref().map_or_else(|| GAP.into(), one_line)))
}

fn plain(packet: &Packet, stamp: &str) -> String {
    let mut text = wrap(&packet.scope, "", "", COLUMNS) + "\n\n";
    for (name, value) in fields(packet) {
        text += &(wrap(&value, &format!("{name}: "), "  ", COLUMNS) + "\n");
    }
    for (number, reply) in packet.replies.iter().enumerate() {
        text += &format!("\nReply {}:\n{}\n", number + 1, indented(reply));
    }
    if !packet.questions.is_empty() {
        text += "\nPlease confirm:\n";
        for (number, question) in packet.questions.iter().enumerate() {
            text += &(wrap(question, &format!("{}. ", number + 1), "   ", COLUMNS) + "\n");
        }
    }
    text + "\n" + &wrap(stamp, "", "", COLUMNS) + "\n"
}

fn indented(reply: &str) -> String {
    reply.lines().map(|line| format!("  {}", line.trim_end())).collect::<Vec<_>>().join("\n")
}

fn markdown(packet: &Packet, stamp: &str) -> String {
    let mut text = format!("# {}\n\n{}\n\n", escape(&one_line(&packet.subject)), escape(&packet.scope));
    for (name, value) in fields(packet) {
        text += &format!("- **{}**: {}\n", escape(name), escape(&value));
    }
    for (number, reply) in packet.replies.iter().enumerate() {
        text += &format!("\nReply {}:\n\n{}", number + 1, fenced(reply));
    }
    if !packet.questions.is_empty() {
        text += "\nPlease confirm:\n\n";
        for (number, question) in packet.questions.iter().enumerate() {
            text += &format!("{}. {}\n", number + 1, escape(question));
        }
    }
    format!("{text}\n{}\n", escape(stamp))
}

fn mail(packet: &Packet, stamp: &str) -> String {
    let body = plain(packet, stamp).replace('\n', "\r\n");
    let subject = encoded_subject(&one_line(&packet.subject));
    format!(
        "X-Unsent: 1\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
}
