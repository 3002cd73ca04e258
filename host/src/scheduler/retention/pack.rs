//! What goes, cut into writes of bounded size: a large job goes piece by piece.

use crate::domain::limits::MIB;
use crate::store::{EndedJob, Having, Part, Piece};

/// Jobs that one write touches at most: some milliseconds of either database.
const WRITE_JOBS: usize = 100;
/// About how many bytes go with one write.
pub(super) const WRITE_BYTES: u64 = 4 * MIB;
/// What a job takes beside what it brings, indexes included.
const JOB_BYTES: u64 = 1_024;

/// What goes with one write.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) pieces: Vec<Piece>,
    /// About what they take.
    pub(super) bytes: u64,
}

/// The writes that remove this of these jobs, in their order.
pub(super) fn pack(jobs: &[EndedJob], having: Having) -> Vec<Load> {
    let (mut loads, mut load) = (Vec::new(), Load::default());
    for job in jobs {
        let parts = parts(job, having);
        let is_large = parts.len() > 1;
        for (part, bytes) in parts {
            let is_full = load.pieces.len() == WRITE_JOBS || load.bytes + bytes > WRITE_BYTES || is_large;
            if is_full && !load.pieces.is_empty() {
                loads.push(std::mem::take(&mut load));
            }
            load.pieces.push(Piece { job: job.id, finished_at: job.finished_at, part });
            load.bytes += bytes;
        }
    }
    if !load.pieces.is_empty() {
        loads.push(load);
    }
    loads
}

/// What goes of a job, one piece after the other, with about what each takes.
fn parts(job: &EndedJob, having: Having) -> Vec<(Part, u64)> {
    match having {
        Having::Logs => cut(job.lines, job.log_bytes).map(|(to, bytes)| (Part::Logs(to), bytes)).collect(),
        Having::Checkpoints => vec![(Part::Checkpoints, job.checkpoint_bytes)],
        Having::Anything => {
            let rest = job.checkpoint_bytes + JOB_BYTES;
            let all = job.log_bytes.saturating_add(job.result_bytes).saturating_add(rest);
            if all <= WRITE_BYTES {
                return vec![(Part::Job, all)];
            }
            let logs = cut(job.lines, job.log_bytes).map(|(to, bytes)| (Part::Logs(to), bytes));
            let results = cut(job.results, job.result_bytes).map(|(to, bytes)| (Part::Results(to), bytes));
            logs.chain(results).chain([(Part::Job, rest)]).collect()
        }
    }
}

/// Numbers up to which something goes, one after the other, so that about as many bytes go with each.
fn cut((removed, last): (u64, u64), bytes: u64) -> impl Iterator<Item = (u64, u64)> {
    let count = last.saturating_sub(removed);
    let cuts = bytes.div_ceil(WRITE_BYTES).clamp(1, count.max(1));
    let upto =
        move |at: u64| removed + u64::try_from(u128::from(count) * u128::from(at) / u128::from(cuts)).unwrap_or(count);
    (1..=cuts).filter(move |_| count > 0).map(move |at| (upto(at), bytes / cuts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{JobId, Timestamp};

    fn job(lines: (u64, u64), log_bytes: u64, results: (u64, u64), result_bytes: u64) -> EndedJob {
        let (id, finished_at) = (JobId::new(), Timestamp::from_millis(1));
        EndedJob { id, finished_at, lines, log_bytes, results, result_bytes, checkpoint_bytes: 100 }
    }

    fn parts_of(loads: &[Load]) -> Vec<Vec<Part>> {
        loads.iter().map(|load| load.pieces.iter().map(|piece| piece.part).collect()).collect()
    }

    #[test]
    fn many_small_jobs_go_together_and_never_too_many() {
        let jobs: Vec<_> = (0..250).map(|_| job((0, 10), 400, (0, 1), 20)).collect();
        let loads = pack(&jobs, Having::Anything);
        assert_eq!(loads.iter().map(|load| load.pieces.len()).collect::<Vec<_>>(), [100, 100, 50]);
        assert!(loads.iter().flat_map(|load| &load.pieces).all(|piece| piece.part == Part::Job));
        let jobs: Vec<_> = (0..6).map(|_| job((0, 10), 1 << 20, (0, 0), 0)).collect();
        let loads = pack(&jobs, Having::Logs);
        assert_eq!(parts_of(&loads), [vec![Part::Logs(10); 4], vec![Part::Logs(10); 2]]);
    }

    #[test]
    fn a_large_job_goes_piece_by_piece_and_the_last_takes_the_rest() {
        let large = job((100, 1_100), 3 * WRITE_BYTES, (0, 4), 2 * WRITE_BYTES);
        let small = job((0, 1), 40, (0, 0), 0);
        let loads = pack(&[small, large, small], Having::Anything);
        let expected = [
            vec![Part::Job],
            vec![Part::Logs(433)],
            vec![Part::Logs(766)],
            vec![Part::Logs(1_100)],
            vec![Part::Results(2)],
            vec![Part::Results(4)],
            vec![Part::Job, Part::Job],
        ];
        assert_eq!(parts_of(&loads), expected);
        assert!(loads.iter().all(|load| load.bytes <= WRITE_BYTES));
    }

    #[test]
    fn what_is_one_piece_cannot_be_cut() {
        assert_eq!(cut((0, 1), 100 * WRITE_BYTES).collect::<Vec<_>>(), [(1, 100 * WRITE_BYTES)]);
        assert_eq!(cut((7, 7), 0).count(), 0);
    }
}
