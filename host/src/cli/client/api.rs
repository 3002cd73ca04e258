//! The API's calls, one function each. Each answer is kept as the server wrote it, for `--json`, and read when shown.

use std::io::Read;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::http::{Answer, Patience, Request, Verb};
use super::requests::{
    AddQuery, JobQuery, Origin, ResumeBody, SecretBody, SelectBody, StartBody, TokenBody, job_path, module_path,
    secret_path,
};
use super::views::{Added, GapView, ModuleView, Upload};
use super::{Client, StopView, problem};
use crate::cli::Failure;
use crate::cli::output::Bar;
use crate::domain::{Grants, JobId, ModuleRef, SecretName, TokenId};

/// A page of some list, its entries as the server wrote them.
#[derive(Debug, Default)]
pub(in crate::cli) struct Page<Next> {
    pub(in crate::cli) entries: Vec<Box<RawValue>>,
    pub(in crate::cli) next: Next,
}

/// Reads what the server wrote.
pub(in crate::cli) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| {
        Failure::failed("the server's answer was not understood; is it a Cofferdam server of this version?")
            .next("compare `cofferdam --version` with `cofferdam status`")
            .detail(error)
            .detail(json.chars().take(2_000).collect::<String>())
    })
}

pub(super) fn body(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a request holds texts and checked JSON")
}

impl Client {
    /// `POST /v1/modules`: the module's JSON, and whether it is new. The bar shows the way of the bytes.
    pub(in crate::cli) fn add_module(
        &self,
        (bytes, bar): (&[u8], &Bar),
        how: AddQuery,
        origin: Origin,
    ) -> Result<(String, Added), Failure> {
        let mut request = Request::new(Verb::PostComponent(bytes, bar), "/v1/modules");
        request.query = how.pairs();
        request.headers = origin.headers();
        request.patience = Patience::Endless;
        let Answer { status, body } = self.ask(&request)?;
        Ok((body, if status == 201 { Added::New } else { Added::Known }))
    }

    /// The same for whom a refusal is an answer like any other.
    pub(in crate::cli) fn upload(&self, bytes: &[u8]) -> Result<Upload, Failure> {
        let bar = Bar::hidden();
        let mut request = Request::new(Verb::PostComponent(bytes, &bar), "/v1/modules");
        request.patience = Patience::Endless;
        let (response, body) = self.answered(&request)?;
        if response.status().is_success() {
            let module: ModuleView = read(&body)?;
            return Ok(Upload::Taken(module.id));
        }
        let status = response.status().as_u16();
        let (code, detail) = problem::code_and_detail(&body).unwrap_or_default();
        Ok(Upload::Refused { status, code, detail })
    }

    /// `GET /v1/modules`.
    pub(in crate::cli) fn modules(&self, cursor: Option<String>) -> Result<Page<Option<String>>, Failure> {
        #[derive(Deserialize)]
        struct Modules {
            modules: Vec<Box<RawValue>>,
            next_cursor: Option<String>,
        }
        let mut request = Request::new(Verb::Get, "/v1/modules");
        request.query = vec![("limit", Some("1000".to_owned())), ("cursor", cursor)];
        let Modules { modules, next_cursor } = read(&self.ask(&request)?.body)?;
        Ok(Page { entries: modules, next: next_cursor })
    }

    /// `GET /v1/modules/{module_id}`.
    pub(in crate::cli) fn module(&self, module: &ModuleRef) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, module_path(module)))?.body)
    }

    /// `GET /v1/modules/{module_id}/grants`.
    pub(in crate::cli) fn grants(&self, module: &ModuleRef) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, format!("{}/grants", module_path(module))))?.body)
    }

    /// `PUT /v1/modules/{module_id}/grants`.
    pub(in crate::cli) fn put_grants(&self, module: &ModuleRef, grants: &Grants) -> Result<String, Failure> {
        let text = grants.to_json();
        Ok(self.ask(&Request::new(Verb::PutJson(&text), format!("{}/grants", module_path(module))))?.body)
    }

    /// `DELETE /v1/modules/{module_id}`.
    pub(in crate::cli) fn remove_module(&self, module: &ModuleRef) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, module_path(module))).map(|_| ())
    }

    /// `GET /v1/secrets`, as the server wrote it.
    pub(in crate::cli) fn secrets(&self) -> Result<Vec<Box<RawValue>>, Failure> {
        #[derive(Deserialize)]
        struct Secrets {
            secrets: Vec<Box<RawValue>>,
        }
        let Secrets { secrets } = read(&self.ask(&Request::new(Verb::Get, "/v1/secrets"))?.body)?;
        Ok(secrets)
    }

    /// `PUT /v1/secrets/{secret_name}`: the secret's JSON, and whether it is new.
    pub(in crate::cli) fn put_secret(&self, name: &SecretName, put: &SecretBody) -> Result<(String, Added), Failure> {
        let Answer { status, body } = self.ask(&Request::new(Verb::PutJson(&body(put)), secret_path(name)))?;
        Ok((body, if status == 201 { Added::New } else { Added::Known }))
    }

    /// `DELETE /v1/secrets/{secret_name}`.
    pub(in crate::cli) fn remove_secret(&self, name: &SecretName) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, secret_path(name))).map(|_| ())
    }

    /// `POST /v1/jobs`.
    pub(in crate::cli) fn start_job(&self, start: &StartBody, key: Option<String>) -> Result<String, Failure> {
        let start = body(start);
        let mut request = Request::new(Verb::PostJson(&start), "/v1/jobs");
        request.headers = vec![("idempotency-key", key)];
        Ok(self.ask(&request)?.body)
    }

    /// `GET /v1/jobs`.
    pub(in crate::cli) fn jobs(&self, query: &JobQuery) -> Result<Page<Option<String>>, Failure> {
        #[derive(Deserialize)]
        struct Jobs {
            jobs: Vec<Box<RawValue>>,
            next_cursor: Option<String>,
        }
        let mut request = Request::new(Verb::Get, "/v1/jobs");
        request.query = query.pairs();
        let Jobs { jobs, next_cursor } = read(&self.ask(&request)?.body)?;
        Ok(Page { entries: jobs, next: next_cursor })
    }

    /// `GET /v1/jobs/{job_id}`.
    pub(in crate::cli) fn job(&self, job: JobId) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, job_path(job, "")))?.body)
    }

    /// `POST /v1/jobs/{job_id}/stop`, answered at once.
    pub(in crate::cli) fn stop_job(&self, job: JobId) -> Result<(String, StopView), Failure> {
        self.stop(job, Patience::Short)
    }

    /// The same, answered when the job has ended.
    pub(in crate::cli) fn stop_job_and_wait(&self, job: JobId) -> Result<(String, StopView), Failure> {
        self.stop(job, Patience::Endless)
    }

    fn stop(&self, job: JobId, patience: Patience) -> Result<(String, StopView), Failure> {
        let mut request = Request::new(Verb::PostJson("{}"), job_path(job, "/stop"));
        request.query = vec![("wait", (patience == Patience::Endless).then(|| "true".to_owned()))];
        request.patience = patience;
        let body = self.ask(&request)?.body;
        let view = read(&body)?;
        Ok((body, view))
    }

    /// `POST /v1/jobs/{job_id}/resume`.
    pub(in crate::cli) fn resume_job(&self, job: JobId, resume: &ResumeBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson(&body(resume)), job_path(job, "/resume")))?.body)
    }

    /// `PUT /v1/jobs/{job_id}/keep`.
    pub(in crate::cli) fn keep_job(&self, job: JobId, keep: bool) -> Result<String, Failure> {
        let text = serde_json::json!({ "keep": keep }).to_string();
        Ok(self.ask(&Request::new(Verb::PutJson(&text), job_path(job, "/keep")))?.body)
    }

    /// `POST /v1/jobs/VERB`: many jobs at once.
    pub(in crate::cli) fn tell_jobs(&self, verb: &str, select: &SelectBody) -> Result<String, Failure> {
        let select = body(select);
        let mut request = Request::new(Verb::PostJson(&select), format!("/v1/jobs/{verb}"));
        request.patience = Patience::Endless;
        Ok(self.ask(&request)?.body)
    }

    /// `DELETE /v1/jobs/{job_id}`.
    pub(in crate::cli) fn delete_job(&self, job: JobId) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, job_path(job, ""))).map(|_| ())
    }

    /// `GET /v1/jobs/{job_id}/logs`: lines behind `after`, and what was removed before them.
    pub(in crate::cli) fn logs(&self, job: JobId, after: u64) -> Result<(Page<u64>, Option<GapView>), Failure> {
        #[derive(Deserialize)]
        struct Logs {
            lines: Vec<Box<RawValue>>,
            gap: Option<GapView>,
            next_after: u64,
        }
        let mut request = Request::new(Verb::Get, job_path(job, "/logs"));
        request.query = vec![("after", Some(after.to_string())), ("limit", Some("1000".to_owned()))];
        let Logs { lines, gap, next_after } = read(&self.ask(&request)?.body)?;
        Ok((Page { entries: lines, next: next_after }, gap))
    }

    /// `GET /v1/jobs/{job_id}/results`: results behind `after`.
    pub(in crate::cli) fn results(
        &self,
        job: JobId,
        after: u64,
        superseded: Option<&str>,
    ) -> Result<Page<u64>, Failure> {
        #[derive(Deserialize)]
        struct Results {
            results: Vec<Box<RawValue>>,
            next_after: u64,
        }
        let mut request = Request::new(Verb::Get, job_path(job, "/results"));
        request.query = vec![
            ("after", Some(after.to_string())),
            ("limit", Some("1000".to_owned())),
            ("superseded", superseded.map(str::to_owned)),
        ];
        let Results { results, next_after } = read(&self.ask(&request)?.body)?;
        Ok(Page { entries: results, next: next_after })
    }

    /// `GET /v1/jobs/{job_id}/checkpoint`.
    pub(in crate::cli) fn checkpoint(&self, job: JobId) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, job_path(job, "/checkpoint")))?.body)
    }

    /// `POST /v1/tokens`.
    pub(in crate::cli) fn create_token(&self, token: &TokenBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson(&body(token)), "/v1/tokens"))?.body)
    }

    /// `GET /v1/tokens`: all of them.
    pub(in crate::cli) fn tokens(&self) -> Result<Vec<Box<RawValue>>, Failure> {
        #[derive(Deserialize)]
        struct Tokens {
            tokens: Vec<Box<RawValue>>,
        }
        let Tokens { tokens } = read(&self.ask(&Request::new(Verb::Get, "/v1/tokens"))?.body)?;
        Ok(tokens)
    }

    /// `DELETE /v1/tokens/{token_id}`.
    pub(in crate::cli) fn revoke_token(&self, token: TokenId) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, format!("/v1/tokens/{token}"))).map(|_| ())
    }

    /// `GET /readyz`.
    pub(in crate::cli) fn ready(&self) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Get, "/readyz")).map(|_| ())
    }

    /// `GET /v1/audit`: entries behind `after`.
    pub(in crate::cli) fn audit(&self, after: u64, limit: u32) -> Result<Vec<Box<RawValue>>, Failure> {
        Ok(self.audit_page(after, limit)?.0)
    }

    /// The number of the newest entry of the audit log.
    pub(in crate::cli) fn audit_end(&self) -> Result<u64, Failure> {
        Ok(self.audit_page(0, 1)?.1)
    }

    fn audit_page(&self, after: u64, limit: u32) -> Result<(Vec<Box<RawValue>>, u64), Failure> {
        #[derive(Deserialize)]
        struct Entries {
            entries: Vec<Box<RawValue>>,
            last_seq: u64,
        }
        let mut request = Request::new(Verb::Get, "/v1/audit");
        request.query = vec![("after", Some(after.to_string())), ("limit", Some(limit.to_string()))];
        let Entries { entries, last_seq } = read(&self.ask(&request)?.body)?;
        Ok((entries, last_seq))
    }

    /// `POST /v1/admin/backup`: the archive, as it comes.
    pub(in crate::cli) fn back_up(&self) -> Result<impl Read + use<>, Failure> {
        self.download(&Request::new(Verb::PostJson("{}"), "/v1/admin/backup"))
    }

    /// `GET /v1/status`.
    pub(in crate::cli) fn status(&self) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, "/v1/status"))?.body)
    }
}
