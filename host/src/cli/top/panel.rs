//! What is shown and chosen now, and what keys do with it. Nothing is drawn or asked here.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::feed::Snapshot;
use super::list::List;
use crate::cli::Failure;
use crate::cli::client::{JobView, StatusView};
use crate::domain::JobId;

/// What a key asks of whoever holds the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    Show(List),
    Stop(JobId),
    Resume(JobId),
    Quit,
}

/// Everything that is drawn.
#[derive(Debug, Default)]
pub(super) struct Panel {
    pub(super) list: List,
    pub(super) snapshot: Option<Snapshot>,
    /// Jobs that ended in a second, between the last two answers.
    pub(super) ended_per_second: Option<f64>,
    /// What went wrong with the last question; the picture is older than it looks then.
    pub(super) lost: Option<String>,
    /// What the last key came to.
    pub(super) note: Option<String>,
    /// The job that is chosen, wherever it stands in the list.
    pub(super) chosen: Option<String>,
    /// What has to be confirmed.
    pub(super) asks: Option<Wish>,
}

impl Panel {
    /// Takes an answer of the server.
    pub(super) fn take(&mut self, news: Result<Snapshot, Failure>) {
        match news {
            // Of a list that was left meanwhile.
            Ok(snapshot) if snapshot.list != self.list => {}
            Ok(snapshot) => {
                if let Some(before) = &self.snapshot {
                    let seconds = snapshot.at.duration_since(before.at).as_secs_f64();
                    let more = ended(&snapshot.status).saturating_sub(ended(&before.status));
                    #[expect(clippy::cast_precision_loss, reason = "a rate that is shown with one digit")]
                    let rate = (seconds > 0.0).then(|| more as f64 / seconds);
                    self.ended_per_second = rate;
                }
                self.lost = None;
                self.snapshot = Some(snapshot);
            }
            Err(failure) => self.lost = Some(failure.sentence().to_owned()),
        }
    }

    /// The jobs that are listed.
    pub(super) fn jobs(&self) -> &[JobView] {
        self.snapshot.as_ref().map_or(&[], |snapshot| &snapshot.jobs)
    }

    /// Where the chosen job stands; it may have left the list.
    pub(super) fn place(&self) -> Option<usize> {
        let chosen = self.chosen.as_deref()?;
        self.jobs().iter().position(|job| job.id == chosen)
    }

    /// The chosen job.
    pub(super) fn job(&self) -> Option<&JobView> {
        self.jobs().get(self.place()?)
    }

    /// What a key means.
    pub(super) fn key(&mut self, key: KeyEvent) -> Wish {
        self.note = None;
        if let Some(asked) = self.asks.take() {
            return if key.code == KeyCode::Char('y') { asked } else { Wish::Nothing };
        }
        match key.code {
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Wish::Quit,
            KeyCode::Char('q') | KeyCode::Esc => Wish::Quit,
            KeyCode::Tab => self.turn_to(self.list.further(1)),
            KeyCode::BackTab => self.turn_to(self.list.further(List::EVERY.len() - 1)),
            KeyCode::Char(number @ '1'..='4') => self.turn_to(List::EVERY[number as usize - '1' as usize]),
            KeyCode::Down | KeyCode::Char('j') => self.choose(1),
            KeyCode::Up | KeyCode::Char('k') => self.choose(-1),
            KeyCode::PageDown => self.choose(10),
            KeyCode::PageUp => self.choose(-10),
            KeyCode::Char('s') => self.ask(Wish::Stop),
            KeyCode::Char('r') => self.ask(Wish::Resume),
            _ => Wish::Nothing,
        }
    }

    fn turn_to(&mut self, list: List) -> Wish {
        if list == self.list {
            return Wish::Nothing;
        }
        (self.list, self.chosen) = (list, None);
        Wish::Show(list)
    }

    fn choose(&mut self, steps: isize) -> Wish {
        let last = self.jobs().len().checked_sub(1);
        if let Some(last) = last {
            let next = self.place().map_or(0, |place| place.saturating_add_signed(steps).min(last));
            self.chosen = Some(self.jobs()[next].id.clone());
        }
        Wish::Nothing
    }

    /// Asks whether the chosen job is really meant.
    fn ask(&mut self, wish: impl FnOnce(JobId) -> Wish) -> Wish {
        match self.job().and_then(|job| job.id.parse().ok()) {
            Some(id) => self.asks = Some(wish(id)),
            None => self.note = Some("choose a job first, with ↑ and ↓".to_owned()),
        }
        Wish::Nothing
    }
}

fn ended(status: &StatusView) -> u64 {
    status.jobs.completed + status.jobs.failed + status.jobs.stopped
}
