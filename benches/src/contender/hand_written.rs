//! What one would write by hand for exactly this graph: worker loops over deques, with the records
//! that Concurra keeps, but without names, stops, skips, sleep or anyone to tell.

use std::hint;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use crossbeam_deque::{Stealer, Worker};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Contender, Sample};
use crate::shape::Edges;
use crate::spin::spin;

pub(crate) struct HandWritten {
    pool: ThreadPool,
    workers: usize,
}

type Body = Box<dyn FnOnce() -> Option<Box<u64>> + Send>;

struct Record {
    pending: AtomicU32,
    status: AtomicU8,
    worker: AtomicU32,
    started: AtomicU64,
    ended: AtomicU64,
    value: OnceLock<Box<u64>>,
    body: Mutex<Option<Body>>,
}

struct Run {
    records: Vec<Record>,
    dependents: Edges,
    stealers: Vec<Stealer<u32>>,
    remaining: AtomicUsize,
    epoch: Instant,
}

const PASSED: u8 = 1;
const FAILED: u8 = 2;

impl HandWritten {
    pub(crate) fn new(workers: usize) -> Self {
        let pool = ThreadPoolBuilder::new().num_threads(workers).build();
        Self { pool: pool.expect("threads can be started"), workers }
    }
}

impl Contender for HandWritten {
    fn name(&self) -> &'static str {
        "hand-written loop"
    }

    fn measure(&self, edges: &Edges, turns: u32) -> Sample {
        let body = || -> Body {
            match turns {
                0 => Box::new(|| None),
                turns => Box::new(move || {
                    spin(turns);
                    None
                }),
            }
        };
        let bodies: Vec<Body> = (0..edges.len()).map(|_| body()).collect();
        let dependents = edges.reversed();
        let begun = Instant::now();
        let deques: Vec<_> = (0..self.workers).map(|_| Worker::new_fifo()).collect();
        for ((task, fan_in), turn) in (0..).zip(edges.fan_ins()).zip((0..self.workers).cycle()) {
            if fan_in == 0 {
                deques[turn].push(task);
            }
        }
        let run = Run {
            records: bodies.into_iter().zip(edges.fan_ins()).map(Record::new).collect(),
            dependents,
            stealers: deques.iter().map(Worker::stealer).collect(),
            remaining: AtomicUsize::new(edges.len()),
            epoch: Instant::now(),
        };
        let deques = Mutex::new(deques);
        self.pool.broadcast(|_| {
            let deque = deques.lock().expect("no loop panics here").pop();
            run.work(&deque.expect("a deque for each worker"));
        });
        let sample = Sample { plan: None, run: begun.elapsed() };
        let passed = |record: &Record| record.status.load(Ordering::Relaxed) == PASSED;
        assert!(run.records.iter().all(passed), "every task ran");
        sample
    }
}

impl Record {
    fn new((body, pending): (Body, u32)) -> Self {
        Self {
            pending: AtomicU32::new(pending),
            status: AtomicU8::new(0),
            worker: AtomicU32::new(0),
            started: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            value: OnceLock::new(),
            body: Mutex::new(Some(body)),
        }
    }
}

impl Run {
    fn work(&self, deque: &Worker<u32>) {
        let number = rayon::current_thread_index().and_then(|index| u32::try_from(index).ok());
        let mut now = self.now();
        let (mut next, mut ended) = (None, 0);
        loop {
            if let Some(task) = next.take().or_else(|| deque.pop()).or_else(|| self.steal(deque)) {
                now = self.execute(task, number.unwrap_or_default(), now);
                next = self.release(task, deque);
                ended += 1;
                continue;
            }
            self.remaining.fetch_sub(std::mem::take(&mut ended), Ordering::AcqRel);
            if self.remaining.load(Ordering::Acquire) == 0 {
                return;
            }
            hint::spin_loop();
            now = self.now();
        }
    }

    fn execute(&self, task: u32, worker: u32, now: u64) -> u64 {
        let record = &self.records[task as usize];
        record.started.store(now, Ordering::Relaxed);
        record.worker.store(worker, Ordering::Relaxed);
        let body = record.body.lock().expect("no body runs under the lock").take();
        let body = body.expect("a body runs once");
        let returned = catch_unwind(AssertUnwindSafe(body));
        let ended = self.now();
        record.ended.store(ended, Ordering::Relaxed);
        let status = if returned.is_ok() { PASSED } else { FAILED };
        if let Ok(Some(value)) = returned {
            drop(record.value.set(value));
        }
        record.status.store(status, Ordering::Release);
        ended
    }

    /// Gives back the first task that became ready, to run next on the same worker.
    fn release(&self, task: u32, deque: &Worker<u32>) -> Option<u32> {
        let mut next = None;
        for &dependent in self.dependents.row(task as usize) {
            let pending = &self.records[dependent as usize].pending;
            if pending.fetch_sub(1, Ordering::AcqRel) != 1 {
                continue;
            }
            if next.is_none() {
                next = Some(dependent);
            } else {
                deque.push(dependent);
            }
        }
        next
    }

    fn steal(&self, deque: &Worker<u32>) -> Option<u32> {
        self.stealers.iter().find_map(|other| other.steal_batch_and_pop(deque).success())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
