//! What is expected of every language.

use super::subject::Subject;
use super::{contract, failing, logging, numbers, resuming, saving, stopping, texts};

/// What a check does with the module; it fails by panicking.
type Check = fn(&mut Subject);

/// Each expectation beside its check.
pub(super) const TABLE: &[(&str, Check)] = &[
    ("it says its name and version", contract::name_and_version),
    ("its schemas have the types, defaults and required fields", contract::schemas),
    ("inputs that violate the schema are refused with their places", contract::refused_inputs),
    ("fields that are left out have their defaults", contract::defaults),
    ("all six levels, in order, with the prefix", logging::levels),
    ("a thousand lines, in order", logging::many_lines),
    ("a line longer than 16 KiB goes on in further lines", logging::line_sizes),
    ("a line larger than a call may carry ends the job", logging::line_past_the_limit),
    ("nothing is printed", logging::nothing_printed),
    ("any text comes back as it was, in a result and in the log", texts::odd_texts),
    ("a megabyte of text comes back byte for byte", texts::megabyte),
    ("any text is a failure's message", texts::failure_messages),
    ("an integer comes back exactly, or is refused by name", numbers::large_integers),
    ("a number without a fraction is an integer", numbers::written_with_a_fraction),
    ("results are numbered and final", saving::results),
    ("a result at the limit is taken, one byte more is too large", saving::result_limit),
    ("a checkpoint at the limit is taken, one byte more is too large", saving::checkpoint_limit),
    ("results are refused when their limit together is reached", saving::full),
    ("what is no JSON object is refused", saving::invalid_json),
    ("progress with and without a total", saving::progress),
    ("a thousand checkpoints", resuming::thousand_checkpoints),
    ("it goes on from its checkpoint after a stop", resuming::after_a_stop),
    ("it goes on from its checkpoint after its host was killed", resuming::after_a_kill),
    ("a checkpoint of another shape is a failure that names the field", resuming::wrong_checkpoint),
    ("a sleep that nobody disturbs takes its time", stopping::undisturbed_sleep),
    ("a stop ends a sleep", stopping::stopped_sleep),
    ("it sees a stop and saves", stopping::wait_for_stop),
    ("it sees that its time is over", stopping::duration_limit),
    ("a permanent failure is not tried again", failing::permanent),
    ("a retryable failure is tried again as the job says", failing::retryable),
    ("an exception fails the job and shows its stack", failing::exception),
];
