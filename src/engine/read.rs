//! Reading one app into a draft: pages are decoded and compared on the pool while the next one is on its way.

use std::sync::Arc;

use super::Engine;
use crate::connector::{Connector, ConnectorError, RawPage};
use crate::model::event::Event;
use crate::model::remote::{Kind, ListRequest, Presence, Walk};
use crate::model::{App, RemoteId};
use crate::plan::{Answers, Differ, Draft, Ends, Needs};

/// Pages in flight between the network and the pool.
const PAGES_AHEAD: usize = 4;

impl Engine {
    /// Reads everything the comparison asks for.
    ///
    /// # Errors
    /// The app could not be read; nothing is concluded.
    pub async fn read(
        &self,
        app: &App,
        connector: &dyn Connector,
        differ: &mut Differ<'_>,
    ) -> Result<Draft, ConnectorError> {
        self.events.emit(Event::App {
            app: app.id.clone(),
            what: "read",
        });
        let mut users = Walk::Incomplete {
            why: "not listed".into(),
        };
        let mut groups = None;
        for request in differ.requests() {
            if request.kind == Kind::Group && !connector.capabilities().groups {
                continue;
            }
            let walk = self.list(connector, &request, differ).await?;
            match request.kind {
                Kind::User => users = walk,
                Kind::Group => groups = Some(walk),
            }
        }
        let ends = Ends { users, groups };
        let mut answers = Answers::default();
        loop {
            match differ.finish(&ends, &answers) {
                Ok(draft) => return Ok(draft),
                Err(needs) => self.answer(app, connector, differ, &needs, &mut answers).await,
            }
        }
    }

    async fn list(
        &self,
        connector: &dyn Connector,
        request: &ListRequest,
        differ: &mut Differ<'_>,
    ) -> Result<Walk, ConnectorError> {
        let (sender, mut pages) = crate::connector::pages(PAGES_AHEAD);
        let listing = connector.list(request, sender);
        let comparing = async {
            let mut failed = None;
            while let Some(raw) = pages.recv().await {
                let mut batch: Vec<RawPage> = vec![raw];
                while batch.len() < PAGES_AHEAD {
                    let Ok(more) = pages.try_recv() else { break };
                    batch.push(more);
                }
                let diffs = tokio::task::block_in_place(|| {
                    use rayon::prelude::*;
                    let differ = &*differ;
                    let one = |raw: &RawPage| connector.decode(request, raw).map(|page| differ.page(&page));
                    batch.par_iter().map(one).collect::<Vec<_>>()
                });
                for diff in diffs {
                    match diff {
                        Ok(diff) => differ.merge(diff),
                        Err(error) => _ = failed.get_or_insert(error),
                    }
                }
            }
            failed
        };
        let (walk, failed) = futures_util::future::join(listing, comparing).await;
        match failed {
            Some(error) => Err(error),
            None => walk,
        }
    }

    /// "Is it still there?", a few at a time.
    async fn answer(
        &self,
        app: &App,
        connector: &dyn Connector,
        differ: &Differ<'_>,
        needs: &Needs,
        answers: &mut Answers,
    ) {
        use futures_util::StreamExt;
        let width = app.limits.concurrency.max(1) as usize;
        let requests = [Kind::User, Kind::Group].map(|kind| (kind, Arc::new(differ.request(kind))));
        let ask = |(kind, id): &(Kind, RemoteId)| {
            let request = requests
                .iter()
                .find(|(of, _)| of == kind)
                .map(|(_, request)| request.clone());
            let (kind, id) = (*kind, id.clone());
            async move {
                let presence = match request {
                    Some(request) => match connector.get(&request, &id).await {
                        Ok(presence) => presence,
                        Err(error) => Presence::Unknown {
                            why: error.to_string().into(),
                        },
                    },
                    None => Presence::Unknown {
                        why: "nobody asked".into(),
                    },
                };
                (kind, id, presence)
            }
        };
        let mut asked = futures_util::stream::iter(needs.gets.iter().map(ask))
            .buffer_unordered(width)
            .boxed();
        while let Some((kind, id, presence)) = asked.next().await {
            answers.add(kind, id, presence);
        }
    }
}
