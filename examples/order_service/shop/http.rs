//! The HTTP server in front of the store.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tiny_http::{Request, Response, Server};

use super::Store;
use super::routes::{Asked, answer};

/// How many requests are answered at a time.
const THREADS: usize = 4;

/// A running service.
pub(crate) struct Service {
    address: SocketAddr,
    server: Arc<Server>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Service {
    /// Serves a database on a free port of the loopback interface.
    pub(crate) fn start(file: &Path) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let store = Arc::new(Store::open(file)?);
        let server = Arc::new(Server::http(("127.0.0.1", 0))?);
        let address = server.server_addr().to_ip().ok_or("the server has no address")?;
        let spawn = |number| {
            let (server, store) = (Arc::clone(&server), Arc::clone(&store));
            let name = format!("http-{number}");
            thread::Builder::new().name(name).spawn(move || serve(&server, &store))
        };
        let threads = (0..THREADS).map(spawn).collect::<io::Result<_>>()?;
        Ok(Self { address, server, threads: Mutex::new(threads) })
    }

    /// Where to send requests.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers what is being asked, then no more; tells how many threads did not end well.
    pub(crate) fn stop(&self) -> usize {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.iter().for_each(|_| self.server.unblock());
        threads.drain(..).map(JoinHandle::join).filter(Result::is_err).count()
    }
}

fn serve(server: &Server, store: &Store) {
    // `recv` ends with an error when the server was told to stop.
    while let Ok(mut request) = server.recv() {
        let response = respond(store, &mut request);
        // A client that has gone away is no concern of the service.
        let _ = request.respond(response);
    }
}

fn respond(store: &Store, request: &mut Request) -> Response<io::Cursor<Vec<u8>>> {
    let mut body = String::new();
    if let Err(error) = request.as_reader().read_to_string(&mut body) {
        return Response::from_string(error.to_string()).with_status_code(400);
    }
    let key = request.headers().iter().find(|header| header.field.equiv("Idempotency-Key"));
    let asked = Asked {
        method: request.method(),
        path: request.url(),
        key: key.map(|header| header.value.as_str()),
        body: &body,
    };
    let (status, value) = answer(store, &asked);
    tracing::debug!(target: "shop", "{} {} -> {status}", asked.method, asked.path);
    Response::from_string(value.to_string()).with_status_code(status)
}
