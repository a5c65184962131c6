package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Terminal terminal =
            new Terminal(
                    new PrintStream(bytes, true, StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8,
                    true);

    @Test
    void clearsOnceAndRedrawsFromTheTop() {
        terminal.redraw(List.of("▁ one", "two"));
        assertThat(printed())
                .isEqualTo("\u001b[?7l\u001b[2J\u001b[H▁ one\u001b[K\ntwo\u001b[K\n\u001b[J");
        bytes.reset();
        terminal.redraw(List.of("three"));
        assertThat(printed()).isEqualTo("\u001b[Hthree\u001b[K\n\u001b[J");
    }

    @Test
    void wrapsLongLinesAgainWhenItLeaves() {
        terminal.leave();
        assertThat(printed()).as("nothing was changed").isEmpty();
        terminal.redraw(List.of());
        bytes.reset();
        terminal.leave();
        assertThat(printed()).isEqualTo("\u001b[?7h");
    }

    @Test
    void appendsWithoutControlCharacters() {
        terminal.append("one");
        terminal.append("two");
        assertThat(printed().lines()).containsExactly("one", "two");
    }

    @Test
    void printsPlainerCharactersWhereTheCharsetLacksSome() {
        Terminal ascii =
                new Terminal(
                        new PrintStream(bytes, true, StandardCharsets.US_ASCII),
                        StandardCharsets.US_ASCII,
                        false);
        ascii.append("stopping … ▁▄█ ↑ é");
        assertThat(printed().strip()).isEqualTo("stopping ... 148 ^ e");
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
