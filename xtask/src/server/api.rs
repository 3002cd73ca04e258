//! The calls of the HTTP API that the tasks make. A refusal becomes an error with the server's own words.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use memchr::memmem;
use serde_json::Value;

use super::event_stream::EventStream;
use super::http::{Connection, Request};
use super::metrics::Metrics;

/// A client with one connection.
pub(crate) struct Api {
    connection: Connection,
}

/// How a job ended, as its stream said.
pub(crate) struct JobEnd {
    /// `completed`, `failed` or `stopped`.
    pub(crate) status: String,
    /// The number of its last log line.
    pub(crate) last_seq: u64,
}

impl JobEnd {
    /// An error that names the job, unless it completed.
    pub(crate) fn ensure_completed(&self, id: &str) -> Result<()> {
        ensure!(self.status == "completed", "job {id} is {}, not completed", self.status);
        Ok(())
    }
}

impl Api {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self { connection: Connection::open(address)? })
    }

    /// Adds a module; gives it as the API shows it.
    pub(crate) fn add_module(&mut self, component: &[u8]) -> Result<Value> {
        let path = "/v1/modules";
        self.ask(&Request { method: "POST", path, media_type: "application/wasm", body: component })
    }

    /// Removes a version of a module, which no job may run.
    pub(crate) fn remove_module(&mut self, id: &str) -> Result<()> {
        let path = format!("/v1/modules/{id}");
        self.ask(&Request { method: "DELETE", path: &path, media_type: "application/json", body: b"" }).map(drop)
    }

    /// Starts a job from the body of `POST /v1/jobs`; gives its id.
    pub(crate) fn start_job(&mut self, job: &[u8]) -> Result<String> {
        let started = self.post("/v1/jobs", job)?;
        Ok(started["id"].as_str().with_context(|| format!("a job without an id: {started}"))?.to_owned())
    }

    /// The same without its id: nothing of the answer is looked at but that the job was taken.
    pub(crate) fn start_job_unread(&mut self, job: &[u8]) -> Result<()> {
        self.send("POST", "/v1/jobs", job).map(drop)
    }

    /// Starts jobs from the body of `POST /v1/jobs/batch`; one that is refused is an error.
    pub(crate) fn start_batch(&mut self, jobs: &[u8]) -> Result<()> {
        let answer = self.send("POST", "/v1/jobs/batch", jobs)?;
        match memmem::find(&answer, br#""error""#) {
            None => Ok(()),
            Some(at) => bail!("a job of a batch was refused: {}", String::from_utf8_lossy(&answer[at..])),
        }
    }

    /// A job as it is now.
    pub(crate) fn job(&mut self, id: &str) -> Result<Value> {
        self.get(&format!("/v1/jobs/{id}"))
    }

    /// Asks a job to stop and waits for its end; the answer is `stopped` and `status`.
    pub(crate) fn stop_and_wait(&mut self, id: &str) -> Result<Value> {
        self.post(&format!("/v1/jobs/{id}/stop?wait=true"), b"{}")
    }

    /// Resumes a job from its last checkpoint.
    pub(crate) fn resume(&mut self, id: &str) -> Result<Value> {
        self.post(&format!("/v1/jobs/{id}/resume"), b"{}")
    }

    /// Whether there is any job with this status. It costs the host less than counting them.
    pub(crate) fn has_jobs(&mut self, status: &str) -> Result<bool> {
        let page = self.get(&format!("/v1/jobs?status={status}&limit=1"))?;
        Ok(!page["jobs"].as_array().with_context(|| format!("a page without jobs: {page}"))?.is_empty())
    }

    /// What the host has measured of itself.
    pub(crate) fn metrics(&mut self) -> Result<Metrics> {
        Ok(Metrics::of(String::from_utf8_lossy(&self.send("GET", "/metrics", b"")?).into_owned()))
    }

    /// What `path` answers to GET.
    pub(crate) fn get(&mut self, path: &str) -> Result<Value> {
        self.ask(&Request::get(path))
    }

    fn post(&mut self, path: &str, body: &[u8]) -> Result<Value> {
        self.ask(&Request { method: "POST", path, media_type: "application/json", body })
    }

    /// The first results of a job that still count, without what surrounds them.
    pub(crate) fn results(&mut self, id: &str) -> Result<Vec<Value>> {
        let page = self.get(&format!("/v1/jobs/{id}/results?limit=1000"))?;
        let results = page["results"].as_array().with_context(|| format!("a page without results: {page}"))?;
        Ok(results.iter().map(|result| result["data"].clone()).collect())
    }

    /// `GET /v1/status`.
    pub(crate) fn status(&mut self) -> Result<Value> {
        self.get("/v1/status")
    }

    /// Follows the log from its first line to its end, handing each line to `show`.
    pub(crate) fn follow_to_end(&mut self, id: &str, show: impl FnMut(&Value)) -> Result<JobEnd> {
        self.follow_from(id, 0, show)
    }

    /// The same, without the lines up to number `after`.
    pub(crate) fn follow_from(&mut self, id: &str, after: u64, mut show: impl FnMut(&Value)) -> Result<JobEnd> {
        let path = format!("/v1/jobs/{id}/logs/stream?after={after}");
        let (status, body) = self.connection.send_and_stream(&Request::get(&path))?;
        if status != 200 {
            bail!("GET {path}: the server answered {status}");
        }
        let mut end = None;
        for event in EventStream::new(body) {
            let event = event?;
            match event["type"].as_str() {
                Some("log") => show(&event),
                Some("end") => {
                    let status = event["status"].as_str().unwrap_or_default().to_owned();
                    end = Some(JobEnd { status, last_seq: event["last_seq"].as_u64().unwrap_or_default() });
                }
                _ => bail!("the log stream says {event}"),
            }
        }
        end.with_context(|| format!("the log stream of job {id} ended before the job"))
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<Value> {
        Ok(serde_json::from_slice(&self.accepted(request)?).unwrap_or_default())
    }

    fn send(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        let media_type = if body.is_empty() { "" } else { "application/json" };
        self.accepted(&Request { method, path, media_type, body })
    }

    fn accepted(&mut self, request: &Request<'_>) -> Result<Vec<u8>> {
        let (status, body) = self.connection.send(request)?;
        if !(200..300).contains(&status) {
            let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
            let why = answer["detail"].as_str().or(answer["title"].as_str()).unwrap_or("without a reason");
            bail!("{} {}: the server answered {status}: {why}", request.method, request.path);
        }
        Ok(body)
    }
}
