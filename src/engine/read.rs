//! Reads one app into a draft: pages are decoded and compared on the pool while other pages are requested.

use std::sync::{Arc, mpsc};

use tokio::sync::Semaphore;

use super::Engine;
use super::past::PastTrees;
use crate::connector::{Connector, ConnectorError};
use crate::model::event::Event;
use crate::model::remote::{Kind, ListRequest, Page, Presence, Walk};
use crate::model::{App, Path, RemoteId, Value};
use crate::plan::{Answers, Differ, Draft, Ends, Holders, Needs, Question};

/// Bytes of pages that are read and not yet decoded. A page that is larger is decoded alone.
const AHEAD: u32 = 8 << 20;

impl Engine {
    /// Reads everything the comparison asks for.
    ///
    /// # Errors
    /// The app could not be read; nothing is concluded.
    pub(super) fn read(
        &self,
        app: &App,
        connector: &dyn Connector,
        differ: &mut Differ<'_>,
        past: &PastTrees<'_>,
    ) -> Result<Draft, ConnectorError> {
        self.events.emit(Event::App { app: app.id.clone(), what: "read" });
        let (users, groups) = differ.requests();
        let users = self.list(connector, &users, differ)?;
        let groups = groups.map(|groups| self.list(connector, &groups, differ)).transpose()?;
        let ends = Ends { users, groups, clock: connector.clock() };
        let mut answers = Answers::default();
        loop {
            match differ.finish(&ends, &answers) {
                Ok(draft) => return Ok(draft),
                Err(needs) => {
                    for commit in needs.commits() {
                        answers.add_past(commit.clone(), past.of(app, commit));
                    }
                    for (first, second) in needs.orders() {
                        let is_after = past.is_after(first, second);
                        answers.add_order((first.clone(), second.clone()), is_after);
                    }
                    self.block_on(self.answer(app, connector, differ, &needs, &mut answers));
                }
            }
        }
    }

    /// Lists one kind of objects and compares page by page.
    fn list(
        &self,
        connector: &dyn Connector,
        request: &ListRequest,
        differ: &mut Differ<'_>,
    ) -> Result<Walk, ConnectorError> {
        let judge = &*differ;
        let (walk, diffs) = self.pages(connector, request, |page| judge.page(&page))?;
        diffs.into_iter().for_each(|diff| differ.merge(diff));
        Ok(walk)
    }

    /// Lists one kind of objects. Every page is decoded and given to `each`, whose answers come back in the order of
    /// the pages. The calling thread drives the network; the pool decodes.
    /// # Errors
    /// The app could not be read, or a page not decoded.
    pub(super) fn pages<T: Send>(
        &self,
        connector: &dyn Connector,
        request: &ListRequest,
        each: impl Fn(Page) -> T + Sync,
    ) -> Result<(Walk, Vec<T>), ConnectorError> {
        let (sender, mut pages) = crate::connector::pages(1);
        let (done, answers) = mpsc::channel();
        let room = Arc::new(Semaphore::new(AHEAD as usize));
        let each = &each;
        let walk = rayon::in_place_scope(|pool| {
            let decoding = async {
                let mut number = 0_usize;
                while let Some(raw) = pages.recv().await {
                    let bytes = u32::try_from(raw.bytes()).unwrap_or(AHEAD).clamp(1, AHEAD);
                    let place = room.clone().acquire_many_owned(bytes).await;
                    let done = done.clone();
                    number += 1;
                    pool.spawn(move |_| {
                        let answer = connector.decode(request, &raw).map(each);
                        // The receiver is gone only if the whole reading has failed.
                        let _ = done.send((number, answer));
                        drop(place);
                    });
                }
            };
            let listing = connector.list(request, sender);
            self.block_on(async { futures_util::future::join(listing, decoding).await.0 })
        });
        drop(done);
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.sort_by_key(|(number, _)| *number);
        let answers = answers.into_iter().map(|(_, answer)| answer).collect::<Result<_, _>>()?;
        Ok((walk?, answers))
    }

    /// Asks the questions, a few at a time.
    async fn answer(
        &self,
        app: &App,
        connector: &dyn Connector,
        differ: &Differ<'_>,
        needs: &Needs,
        answers: &mut Answers,
    ) {
        use futures_util::{FutureExt, StreamExt};
        let width = app.limits.concurrency.max(1) as usize;
        let (users, groups) = (differ.request(Kind::User), differ.request(Kind::Group));
        let request = |kind: Kind| match kind {
            Kind::User => &users,
            Kind::Group => &groups,
        };
        let ask = |question: &Question| match question.clone() {
            Question::Object(kind, id) => {
                let asked = async move {
                    let presence = presence(connector, request(kind), &id).await;
                    Answer::Object(kind, id, presence)
                };
                Some(asked.boxed())
            }
            Question::Holders(kind, path, value) => {
                let asked = async move {
                    let found = connector.find(request(kind), &path, &value).await;
                    let found = found.map_err(|error| error.to_string().into());
                    Answer::Holders(kind, path, value, found)
                };
                Some(asked.boxed())
            }
            // No question to the app.
            Question::Past(_) | Question::Order(..) => None,
        };
        let mut asked = futures_util::stream::iter(needs.questions.iter().filter_map(ask))
            .buffer_unordered(width)
            .boxed();
        while let Some(answer) = asked.next().await {
            match answer {
                Answer::Object(kind, id, presence) => answers.add_object(kind, id, presence),
                Answer::Holders(kind, path, value, found) => answers.add_holders(kind, &path, value, found),
            }
        }
    }
}

enum Answer {
    Object(Kind, RemoteId, Presence),
    Holders(Kind, Path, Value, Holders),
}

/// Asks whether an object still exists. An app that does not tell proves nothing.
pub(super) async fn presence(connector: &dyn Connector, request: &ListRequest, id: &RemoteId) -> Presence {
    match connector.get(request, id).await {
        Ok(presence) => presence,
        Err(error) => Presence::Unknown { why: error.to_string().into() },
    }
}
