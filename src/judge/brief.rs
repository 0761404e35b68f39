//! The verdict without sentences: what an analysis of many replies counts.

use std::sync::Arc;

use super::pack::{Pack, Rule};
use super::{Case, Event, Fate, Part};
use crate::verdict::{Action, Address, Bucket, Cause, Confidence, Owner, Permanence, RetryAfter, Role};

/// The fields of an [`Outcome`](crate::verdict::Outcome) that decide what becomes of an address, and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// Why, as exactly as the text proves it.
    pub cause: Cause,
    /// Of a delay notice: why it is delayed.
    pub reason_cause: Option<Cause>,
    /// The first thing to do.
    pub action: Action,
    /// Who has to act.
    pub owner: Owner,
    /// What the text says about the address.
    pub address: Address,
    /// How far the text carries the cause.
    pub confidence: Confidence,
    /// About this attempt.
    pub permanence: Permanence,
    /// Id of the mailbox provider (or sending platform) that the words or hosts give away.
    pub provider: Option<Arc<str>>,
    /// Id of the rule that decided, of wording or code; none where none fits.
    pub rule: Option<Arc<str>>,
    /// When to try again, where that can help.
    pub retry_after: Option<RetryAfter>,
    /// RFC 5321 §4.2.
    pub smtp_code: Option<u16>,
    /// RFC 3463, as `5.1.1`.
    pub enhanced: Option<String>,
}

/// Judges one event of a notice: what [`judge`](super::judge) says of it, without its sentences and proofs.
pub fn brief(event: &Event, parts: &[Part], pack: &Pack) -> Brief {
    Case::new(event, parts, pack).brief()
}

impl Case<'_> {
    /// The event tells more than the words do: what became of the message is no matter of wording.
    fn is_told(&self) -> bool {
        !matches!(self.event.fate, Fate::Failed | Fate::BeforeHandOff)
    }

    /// The rule whose word counts for action, owner and retry.
    pub(super) fn deciding(&self) -> Option<&Rule> {
        self.best().map(|(rule, _)| rule).filter(|_| !self.is_told())
    }

    pub(super) fn brief(&self) -> Brief {
        let (found, confidence) = self.finding();
        let (cause, reason_cause) = match self.event.fate {
            Fate::Failed | Fate::BeforeHandOff => (found, None),
            Fate::Delayed => (Cause::DelayedNotice, Some(found).filter(|cause| cause.bucket() != Bucket::Unknown)),
            Fate::Delivered => (Cause::Delivered, None),
            Fate::AutoReply => (Cause::AutoReply, None),
            Fate::Feedback => (Cause::FeedbackReport, None),
            Fate::Challenge => (Cause::ChallengeResponse, None),
        };
        let confidence = if self.is_told() { Confidence::High } else { confidence };
        let (rule, permanence) = (self.deciding(), self.permanence());
        let (action, address) = self.action(cause, rule, confidence, permanence);
        Brief {
            cause,
            reason_cause,
            action,
            owner: rule.and_then(|rule| rule.owner).unwrap_or(cause.defaults().1),
            address,
            confidence,
            permanence,
            provider: self.provider(&[Role::MailboxProvider, Role::Esp]).and_then(|(provider, _)| self.pack.id_of(provider)),
            rule: self.best().map(|(rule, _)| rule.id.clone()),
            retry_after: rule.map_or(cause.defaults().3, Rule::retry),
            smtp_code: self.code.as_ref().map(|(code, _)| *code),
            enhanced: self.enhanced.as_ref().map(|(code, _)| code.to_string()),
        }
    }
}
