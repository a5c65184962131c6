package io.freshet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.serve.topic.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {

    private static final String SECRET = "0123456789abcdef";

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    -1, 2000, 1, 0, --port: found -1
                    65536, 2000, 1, 0, --port: found 65536
                    0, 9, 1, 0, --timeout: found 9 ms
                    0, 600001, 1, 0, --timeout: found 600001 ms
                    0, 2000, 0, 0, --max-waiting: found 0
                    0, 2000, 1, -1, --newest-lists: found -1
                    """)
    void what_is_out_of_range_is_named_with_the_option(
            int port, long timeout, int waiting, int lists, String message) {
        assertThatThrownBy(
                        () ->
                                new GatewaySettings(
                                        "127.0.0.1",
                                        port,
                                        null,
                                        Duration.ofMillis(timeout),
                                        waiting,
                                        lists,
                                        Isolation.READ_COMMITTED))
                .hasMessageContaining(message)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.9"})
    void on_loopback_no_token_is_needed(String host) {
        assertThat(settings(host, null).token()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void elsewhere_it_is(String host) {
        assertThatThrownBy(() -> settings(host, null))
                .hasMessageContaining(
                        "--host: found %s, which other machines reach".formatted(host))
                .hasMessageContaining("--token-file");
        assertThat(settings(host, new BearerToken(SECRET)).host()).isEqualTo(host);
    }

    @Test
    void a_token_is_read_without_the_line_break_and_found_in_its_header_alone() throws IOException {
        BearerToken token = BearerToken.read(file(SECRET + "\n"));

        assertThat(token.isIn("Bearer " + SECRET)).isTrue();
        assertThat(token.isIn("bearer  " + SECRET)).isTrue();
        assertThat(token.isIn(SECRET)).isFalse();
        assertThat(token.isIn("Bearer " + SECRET + "0")).isFalse();
        assertThat(token.isIn("Bearer ")).isFalse();
        assertThat(token.isIn("Basic " + SECRET)).isFalse();
        assertThat(token.isIn(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tooshort", "with a blank in its middle", "two-lines-of-it\nmore-of-it"})
    void what_is_no_token_is_refused_and_not_repeated(String content) throws IOException {
        Path file = file(content);

        assertThatThrownBy(() -> BearerToken.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--token-file: " + file)
                .hasMessageContaining("expected one of 16 to 4096 letters")
                .hasNoCause()
                .message()
                .doesNotContain("tooshort", "middle", "two-lines");
    }

    @Test
    void a_token_is_in_no_text() {
        assertThat(settings("0.0.0.0", new BearerToken(SECRET)).toString()).doesNotContain(SECRET);
    }

    @Test
    void a_file_that_is_missing_is_named() {
        assertThatThrownBy(() -> BearerToken.read(directory.resolve("none")))
                .hasMessageContaining("--token-file: found no file " + directory.resolve("none"));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("token"), content);
    }

    private static GatewaySettings settings(String host, @Nullable BearerToken token) {
        return new GatewaySettings(
                host, 0, token, Duration.ofSeconds(1), 10, 10, Isolation.READ_COMMITTED);
    }
}
