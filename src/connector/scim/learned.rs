//! What an app turned out not to take, for the rest of the run.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::Kind;

use super::settings::{Paging, Style};

/// What was learned so far.
#[derive(Debug)]
pub(super) struct Learned {
    pages: Mutex<Pages>,
    /// The app refuses the parameter `attributes`.
    refuses_names: AtomicBool,
    /// Methods that the app does not have for objects of a kind.
    refused: Mutex<Vec<(Kind, Style)>>,
}

/// How pages are asked for.
#[derive(Debug, Clone, Copy)]
struct Pages {
    by: Paging,
    /// A page came, so that a refusal is about something else.
    is_proven: bool,
}

impl Learned {
    /// What the settings say.
    pub(super) fn new(paging: Paging) -> Self {
        Self {
            pages: Mutex::new(Pages { by: paging, is_proven: false }),
            refuses_names: AtomicBool::new(false),
            refused: Mutex::default(),
        }
    }

    /// True unless the app refused to be asked for attributes by name.
    pub(super) fn takes_names(&self) -> bool {
        !self.refuses_names.load(Ordering::Relaxed)
    }

    /// The app refused to be asked for attributes by name, and answered without.
    pub(super) fn refuse_names(&self) {
        self.refuses_names.store(true, Ordering::Relaxed);
    }

    /// How pages are asked for.
    pub(super) fn paging(&self) -> Paging {
        self.lock().by
    }

    /// A page that was asked for in this way came.
    pub(super) fn proven(&self, by: Paging) {
        *self.lock() = Pages { by, is_proven: true };
    }

    /// The way to ask for a first page that has fewer parameters than this one, which was refused; `None` if there is none,
    /// or if pages were asked for in this way before.
    pub(super) fn fewer_than(&self, by: Paging) -> Option<Paging> {
        let pages = self.lock();
        match by {
            _ if pages.is_proven && pages.by == by => None,
            _ if pages.is_proven => Some(pages.by),
            Paging::Index => Some(Paging::Start),
            Paging::Start => Some(Paging::None),
            Paging::None => None,
        }
    }

    /// True unless the app turned out not to have this method.
    pub(super) fn takes(&self, kind: Kind, style: Style) -> bool {
        !self.refused().contains(&(kind, style))
    }

    /// The app does not have this method. True if the other one may still be tried.
    pub(super) fn refuse(&self, kind: Kind, style: Style) -> bool {
        let mut refused = self.refused();
        if !refused.contains(&(kind, style)) {
            refused.push((kind, style));
        }
        !refused.contains(&(kind, style.other()))
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, Vec<(Kind, Style)>> {
        self.refused.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
