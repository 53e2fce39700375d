//! What the program sends to a collector of traces, and what it says where there is none.

mod place;

use std::io::Write as _;
use std::net::TcpListener;
use std::process::Stdio;

use insta::assert_snapshot;
use place::{Place, told};

#[test]
fn a_wrong_filter_and_a_wrong_collector_are_wrong_input() {
    let place = Place::new();
    assert_snapshot!(place.told(&["validate", "network.yaml", "--log", "rollout=loud"]), @r#"
    exit 2
    --- stderr
    error: `rollout=loud` is no filter of the log: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5
      help: give a level (`debug`), or directives like `info,rollout=trace,kube=debug`
    "#);
    assert_snapshot!(place.told(&["validate", "network.yaml", "--otlp-endpoint", "collector"]), @r"
    exit 2
    --- stderr
    error: `collector` is no address of a collector: it begins neither with http:// nor with https://
      help: give its base URL for OTLP over HTTP, e.g. `http://localhost:4318`
    ");
}

#[test]
fn traces_reach_a_collector() {
    use std::io::Read as _;

    let place = Place::new();
    let collector = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", collector.local_addr().expect("it has an address"));
    let mut command = place.command(&["validate", "network.yaml"]);
    let child = command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let collecting = std::thread::spawn(move || {
        let (mut connection, _) = collector.accept().expect("somebody connects");
        let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
        while !contains(&request, b"command") {
            match connection.read(&mut buffer) {
                Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
        // Nobody reads it where the test has failed.
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        request
    });
    let output = child.wait_with_output().expect("it ends");
    // Ends the collector where nobody came.
    drop(std::net::TcpStream::connect(
        endpoint.trim_start_matches("http://"),
    ));
    let request = collecting.join().expect("the collector ends");
    let told = told(&output);
    assert!(
        told.starts_with("exit 0\n") && !told.contains("warning"),
        "{told}"
    );
    assert!(request.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    for part in [&b"cordanetes"[..], b"service.name", b"validate"] {
        assert!(contains(&request, part), "{}", String::from_utf8_lossy(part));
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_collector_that_is_not_there_is_told_and_no_failure() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("it has an address"));
    drop(listener);
    let told = place.told(&["validate", "network.yaml", "--otlp-endpoint", &endpoint]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    let warning = format!("warning: the traces were not sent to {endpoint}: ");
    assert!(told.contains(&warning) && told.contains("refused"), "{told}");
}
