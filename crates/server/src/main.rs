//! The program `zoufang`; everything stands in the library, so that tests reach it.

fn main() -> std::process::ExitCode {
    server::args::main()
}
