//! An HTTP client of the service, and several of them at once.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use ureq::Agent;

/// A client that keeps its connection from one request to the next.
pub(crate) struct Client {
    agent: Agent,
    url: String,
}

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    asked: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Far beyond what an answer takes: it turns a service that hangs into a failed task.
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self { agent: config.into(), url: url.to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Answer> {
        let request = self.agent.get(format!("{}{path}", self.url));
        Answer::read(format!("GET {path}"), request.call())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let request = self.agent.post(format!("{}{path}", self.url));
        Answer::read(format!("POST {path}"), request.send_json(body))
    }

    /// Posts under a key, so that the service does the same thing only once.
    pub(crate) fn post_once(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let request = self.agent.post(format!("{}{path}", self.url));
        let answered = request.header("Idempotency-Key", key).send_json(body);
        Answer::read(format!("POST {path} ({key})"), answered)
    }

    /// Posts text as it is, which may be no JSON.
    pub(crate) fn post_text(&self, path: &str, text: &str) -> Result<Answer> {
        let request = self.agent.post(format!("{}{path}", self.url));
        Answer::read(format!("POST {path}"), request.send(text))
    }
}

impl Answer {
    fn read(
        asked: String,
        answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Self> {
        let mut response = answered.with_context(|| asked.clone())?;
        let status = response.status().as_u16();
        let body = response.body_mut().read_json().with_context(|| asked.clone())?;
        Ok(Self { asked, status, body })
    }

    /// The body, when the answer has this status.
    pub(crate) fn expect(self, status: u16) -> Result<Value> {
        let Self { asked, status: answered, body } = self;
        ensure!(answered == status, "{asked} answered {answered}, not {status}: {body}");
        Ok(body)
    }

    /// Checks that the request was refused with this status, for a reason that holds this text.
    pub(crate) fn refused(self, status: u16, why: &str) -> Result<()> {
        let asked = self.asked.clone();
        let body = self.expect(status)?;
        match body["error"].as_str() {
            Some(reason) if reason.contains(why) => Ok(()),
            _ => bail!("{asked} was refused, but not as {why:?}: {body}"),
        }
    }
}

/// The integer under a key of an answer.
pub(crate) fn integer(body: &Value, key: &str) -> Result<i64> {
    body[key].as_i64().with_context(|| format!("no integer {key:?} in {body}"))
}

/// Does the work for all items with several clients at once; the results are in the items' order.
pub(crate) fn together<T: Sync, R: Send>(
    clients: usize,
    url: &str,
    items: &[T],
    work: impl Fn(&Client, &T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let share = items.len().div_ceil(clients).max(1);
    thread::scope(|scope| {
        let serve = |items| {
            let work = &work;
            scope.spawn(move || {
                let client = Client::new(url);
                <[T]>::iter(items).map(|item| work(&client, item)).collect::<Result<Vec<R>>>()
            })
        };
        let running: Vec<_> = items.chunks(share).map(serve).collect();
        let mut results = Vec::with_capacity(items.len());
        for client in running {
            results.extend(client.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(results)
    })
}
