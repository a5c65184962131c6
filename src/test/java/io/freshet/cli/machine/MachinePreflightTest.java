package io.freshet.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MachinePreflightTest {

    private static final Path TEMPORARY = Path.of("/tmp/of/mine");
    private static final long MB = 1 << 20;

    @Test
    void everyProblemIsALineWithWhatToDo() {
        MachinePreflight machine =
                new MachinePreflight(96 * MB, TEMPORARY, 8 * MB, "box: Name not known");

        assertThatThrownBy(machine::checkForCluster)
                .message()
                .satisfies(
                        text ->
                                assertThat(text.lines())
                                        .satisfiesExactly(
                                                heap ->
                                                        assertThat(heap)
                                                                .contains("96 MB", "192", "-Xmx1g"),
                                                space ->
                                                        assertThat(space)
                                                                .contains(
                                                                        "/tmp/of/mine: found 8 MB",
                                                                        "-Djava.io.tmpdir=DIR"),
                                                host ->
                                                        assertThat(host)
                                                                .contains(
                                                                        "box: Name not known",
                                                                        "/etc/hosts")));
    }

    @Test
    void withoutAClusterNobodyLooksTheHostUp() {
        MachinePreflight machine =
                new MachinePreflight(1024 * MB, TEMPORARY, 1024 * MB, "box: Name not known");

        assertThatCode(machine::check).doesNotThrowAnyException();
        assertThatThrownBy(machine::checkForCluster).hasMessageStartingWith("host name");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> MachinePreflight.requireFree("--web-port", port))
                    .hasMessageContaining("--web-port: found port " + port + " of 127.0.0.1 taken")
                    .hasMessageContaining("0 for any");
        }
        assertThatCode(() -> MachinePreflight.requireFree("--web-port", 0))
                .doesNotThrowAnyException();
    }
}
