//! What can be imported: WASI 0.2.12 with its stable functions, as wasmtime links it, and our own interface.
//!
//! The linker is what decides in the end; this list is there to name everything that is missing at once, before a
//! component is compiled. A test compares the two.

/// An interface, the versions in which it is offered, and what it has: functions and resources, spaces between them.
struct Interface {
    name: &'static str,
    track: &'static str,
    items: &'static str,
}

impl Interface {
    fn items(&self) -> impl Iterator<Item = &'static str> {
        self.items.split_ascii_whitespace()
    }
}

/// Whether the host has this function or resource.
pub(super) fn is_offered(interface: &str, track: &str, item: &str) -> bool {
    OFFERED.iter().any(|known| known.name == interface && known.track == track && known.items().any(|had| had == item))
}

/// Names with versions of everything that is offered.
#[cfg(test)]
pub(crate) fn offered_interfaces() -> impl Iterator<Item = String> {
    OFFERED.iter().map(|interface| format!("{}@{}.0", interface.name, interface.track))
}

const fn wasi(name: &'static str, items: &'static str) -> Interface {
    Interface { name, track: "0.2", items }
}

const OFFERED: &[Interface] = &[
    Interface {
        name: "cofferdam:module/job-context",
        track: "0.1",
        items: "job-id is-cancelled log save-result save-checkpoint report-progress sleep",
    },
    wasi("wasi:cli/environment", "get-environment get-arguments initial-cwd"),
    wasi("wasi:cli/exit", "exit exit-with-code"),
    wasi("wasi:cli/stderr", "get-stderr"),
    wasi("wasi:cli/stdin", "get-stdin"),
    wasi("wasi:cli/stdout", "get-stdout"),
    wasi("wasi:cli/terminal-input", "terminal-input"),
    wasi("wasi:cli/terminal-output", "terminal-output"),
    wasi("wasi:cli/terminal-stderr", "get-terminal-stderr"),
    wasi("wasi:cli/terminal-stdin", "get-terminal-stdin"),
    wasi("wasi:cli/terminal-stdout", "get-terminal-stdout"),
    wasi("wasi:clocks/monotonic-clock", "now resolution subscribe-instant subscribe-duration"),
    wasi("wasi:clocks/wall-clock", "now resolution"),
    wasi("wasi:filesystem/preopens", "get-directories"),
    wasi(
        "wasi:filesystem/types",
        "descriptor [method]descriptor.read-via-stream [method]descriptor.write-via-stream \
         [method]descriptor.append-via-stream [method]descriptor.advise [method]descriptor.sync-data \
         [method]descriptor.get-flags [method]descriptor.get-type [method]descriptor.set-size \
         [method]descriptor.set-times [method]descriptor.read [method]descriptor.write \
         [method]descriptor.read-directory [method]descriptor.sync [method]descriptor.create-directory-at \
         [method]descriptor.stat [method]descriptor.stat-at [method]descriptor.set-times-at \
         [method]descriptor.link-at [method]descriptor.open-at [method]descriptor.readlink-at \
         [method]descriptor.remove-directory-at [method]descriptor.rename-at [method]descriptor.symlink-at \
         [method]descriptor.unlink-file-at [method]descriptor.is-same-object [method]descriptor.metadata-hash \
         [method]descriptor.metadata-hash-at directory-entry-stream \
         [method]directory-entry-stream.read-directory-entry filesystem-error-code",
    ),
    wasi("wasi:http/outgoing-handler", "handle"),
    wasi(
        "wasi:http/types",
        "fields [static]fields.from-list [method]fields.get [method]fields.has [method]fields.set \
         [method]fields.delete [method]fields.append [method]fields.entries [method]fields.clone \
         [constructor]fields incoming-request [method]incoming-request.method \
         [method]incoming-request.path-with-query [method]incoming-request.scheme \
         [method]incoming-request.authority [method]incoming-request.headers [method]incoming-request.consume \
         outgoing-request [method]outgoing-request.body [method]outgoing-request.method \
         [method]outgoing-request.set-method [method]outgoing-request.path-with-query \
         [method]outgoing-request.set-path-with-query [method]outgoing-request.scheme \
         [method]outgoing-request.set-scheme [method]outgoing-request.authority \
         [method]outgoing-request.set-authority [method]outgoing-request.headers [constructor]outgoing-request \
         request-options [method]request-options.connect-timeout [method]request-options.set-connect-timeout \
         [method]request-options.first-byte-timeout [method]request-options.set-first-byte-timeout \
         [method]request-options.between-bytes-timeout [method]request-options.set-between-bytes-timeout \
         [constructor]request-options response-outparam [static]response-outparam.set incoming-response \
         [method]incoming-response.status [method]incoming-response.headers [method]incoming-response.consume \
         incoming-body [method]incoming-body.stream [static]incoming-body.finish future-trailers \
         [method]future-trailers.subscribe [method]future-trailers.get outgoing-response \
         [method]outgoing-response.status-code [method]outgoing-response.set-status-code \
         [method]outgoing-response.headers [method]outgoing-response.body [constructor]outgoing-response \
         outgoing-body [method]outgoing-body.write [static]outgoing-body.finish future-incoming-response \
         [method]future-incoming-response.subscribe [method]future-incoming-response.get http-error-code",
    ),
    wasi("wasi:io/error", "error [method]error.to-debug-string"),
    wasi("wasi:io/poll", "pollable [method]pollable.ready [method]pollable.block poll"),
    wasi(
        "wasi:io/streams",
        "input-stream [method]input-stream.read [method]input-stream.blocking-read [method]input-stream.skip \
         [method]input-stream.blocking-skip [method]input-stream.subscribe output-stream \
         [method]output-stream.check-write [method]output-stream.write \
         [method]output-stream.blocking-write-and-flush [method]output-stream.flush \
         [method]output-stream.blocking-flush [method]output-stream.subscribe [method]output-stream.write-zeroes \
         [method]output-stream.blocking-write-zeroes-and-flush [method]output-stream.splice \
         [method]output-stream.blocking-splice",
    ),
    wasi("wasi:random/insecure", "get-insecure-random-bytes get-insecure-random-u64"),
    wasi("wasi:random/insecure-seed", "insecure-seed"),
    wasi("wasi:random/random", "get-random-bytes get-random-u64"),
    wasi("wasi:sockets/instance-network", "instance-network"),
    wasi(
        "wasi:sockets/ip-name-lookup",
        "resolve-address-stream [method]resolve-address-stream.resolve-next-address \
         [method]resolve-address-stream.subscribe resolve-addresses",
    ),
    wasi("wasi:sockets/network", "network"),
    wasi(
        "wasi:sockets/tcp",
        "tcp-socket [method]tcp-socket.start-bind [method]tcp-socket.finish-bind [method]tcp-socket.start-connect \
         [method]tcp-socket.finish-connect [method]tcp-socket.start-listen [method]tcp-socket.finish-listen \
         [method]tcp-socket.accept [method]tcp-socket.local-address [method]tcp-socket.remote-address \
         [method]tcp-socket.is-listening [method]tcp-socket.address-family \
         [method]tcp-socket.set-listen-backlog-size [method]tcp-socket.keep-alive-enabled \
         [method]tcp-socket.set-keep-alive-enabled [method]tcp-socket.keep-alive-idle-time \
         [method]tcp-socket.set-keep-alive-idle-time [method]tcp-socket.keep-alive-interval \
         [method]tcp-socket.set-keep-alive-interval [method]tcp-socket.keep-alive-count \
         [method]tcp-socket.set-keep-alive-count [method]tcp-socket.hop-limit [method]tcp-socket.set-hop-limit \
         [method]tcp-socket.receive-buffer-size [method]tcp-socket.set-receive-buffer-size \
         [method]tcp-socket.send-buffer-size [method]tcp-socket.set-send-buffer-size [method]tcp-socket.subscribe \
         [method]tcp-socket.shutdown",
    ),
    wasi("wasi:sockets/tcp-create-socket", "create-tcp-socket"),
    wasi(
        "wasi:sockets/udp",
        "udp-socket [method]udp-socket.start-bind [method]udp-socket.finish-bind [method]udp-socket.stream \
         [method]udp-socket.local-address [method]udp-socket.remote-address [method]udp-socket.address-family \
         [method]udp-socket.unicast-hop-limit [method]udp-socket.set-unicast-hop-limit \
         [method]udp-socket.receive-buffer-size [method]udp-socket.set-receive-buffer-size \
         [method]udp-socket.send-buffer-size [method]udp-socket.set-send-buffer-size [method]udp-socket.subscribe \
         incoming-datagram-stream [method]incoming-datagram-stream.receive \
         [method]incoming-datagram-stream.subscribe outgoing-datagram-stream \
         [method]outgoing-datagram-stream.check-send [method]outgoing-datagram-stream.send \
         [method]outgoing-datagram-stream.subscribe",
    ),
    wasi("wasi:sockets/udp-create-socket", "create-udp-socket"),
];

#[cfg(test)]
mod tests {
    use wasmtime::Engine;
    use wasmtime::component::Component;

    use cofferdam_text_guest::component_of_text;

    use super::*;
    use crate::domain::JobLimits;
    use crate::sandbox::engine::start;
    use crate::sandbox::guest::linker;

    /// Why the linker does not give what an interface is said to have; `None` where it does.
    fn refusal(engine: &Engine, interface: &Interface, item: &str) -> Option<String> {
        let (name, track) = (interface.name, interface.track);
        let items = declared(interface, item);
        let text = format!("(component (import \"{name}@{track}.0\" (instance {items})))");
        let component = Component::new(engine, component_of_text(&text)).expect("a component");
        linker(engine).expect("a linker").instantiate_pre(&component).err().map(|error| format!("{error:#}"))
    }

    /// An item in text form. Functions have no right type here: that they are there is all that is asked. Those of a
    /// resource need it beside them.
    fn declared(interface: &Interface, item: &str) -> String {
        let Some((kind, rest)) = item.split_once(']') else {
            let ty = if is_resource(interface, item) { "(type (sub resource))" } else { "(func)" };
            return format!("(export \"{item}\" {ty})");
        };
        let resource = rest.split('.').next().unwrap_or(rest);
        let ty = match kind {
            "[constructor" => "(func (result (own $r)))",
            "[method" => "(func (param \"self\" (borrow $r)))",
            _ => "(func)",
        };
        format!("(export \"{resource}\" (type $r (sub resource))) (export \"{item}\" {ty})")
    }

    fn is_resource(interface: &Interface, item: &str) -> bool {
        interface.items().any(|other| {
            other.starts_with('[')
                && other.split_once(']').is_some_and(|(_, rest)| rest == item || rest.starts_with(&format!("{item}.")))
        }) || matches!(item, "terminal-input" | "terminal-output" | "network")
    }

    #[test]
    fn everything_in_the_list_is_in_the_linker() {
        let (engine, _) = start(1, &JobLimits::default()).expect("an engine");
        for interface in OFFERED {
            for item in interface.items() {
                let refusal = refusal(&engine, interface, item).unwrap_or_default();
                assert!(!refusal.contains("implementation is missing"), "{} {item}: {refusal}", interface.name);
            }
            let unknown = refusal(&engine, interface, "no-such-function").unwrap_or_default();
            assert!(unknown.contains("implementation is missing"), "known is told from unknown: {unknown}");
        }
    }
}
