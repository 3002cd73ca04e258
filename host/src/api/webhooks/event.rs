//! What a webhook is told of a job that has ended: the job as clients see it, without what went into it.

use serde_json::{Value, json};

use crate::api::jobs::job_json::JobJson;
use crate::domain::{EventKind, Job, JobLimits, Live};
use crate::store::EventBodies;

/// Bytes of a message and of a backtrace. With them a whole body has at most 40 KiB, most of that labels; without, some 2.
const TEXT_BYTES: usize = 4_096;

/// Writes the bodies of events, beside the limits of this host.
pub(crate) fn event_bodies(limits: Live<JobLimits>) -> EventBodies {
    EventBodies::by(move |job, kind| body(job, kind, &limits.get()))
}

fn body(job: &Job, kind: EventKind, limits: &JobLimits) -> String {
    let mut data = serde_json::to_value(JobJson::new(job, limits)).expect("a job is JSON");
    let mut left_out = Vec::new();
    if let Some(fields) = data.as_object_mut() {
        // They may be megabytes, and hold what the receiver of a notice should not see.
        for field in ["inputs", "settings"] {
            fields.remove(field);
            left_out.push(field.to_owned());
        }
    }
    for field in ["message", "backtrace"] {
        if let Some(Value::String(text)) = data.pointer_mut(&format!("/error/{field}"))
            && text.len() > TEXT_BYTES
        {
            text.truncate(text.floor_char_boundary(TEXT_BYTES));
            left_out.push(format!("error.{field}"));
        }
    }
    data["left_out"] = json!(left_out);
    let timestamp = job.state.finished_at();
    json!({ "type": kind.as_str(), "timestamp": timestamp, "data": data }).to_string()
}
