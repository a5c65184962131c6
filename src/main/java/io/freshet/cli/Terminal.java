package io.freshet.cli;

import io.freshet.cli.machine.PlainText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;

/** Prints to standard output: redraws in place on a terminal, appends lines elsewhere. */
final class Terminal {

    private static final String ESCAPE = "\u001b[";
    private static final String CLEAR = ESCAPE + "2J";
    private static final String HOME = ESCAPE + "H";
    private static final String CUT_LONG_LINES = ESCAPE + "?7l";
    private static final String WRAP_LONG_LINES = ESCAPE + "?7h";
    private static final String ERASE_LINE = ESCAPE + "K";
    private static final String ERASE_BELOW = ESCAPE + "J";

    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private final PrintStream out;
    private final Charset charset;
    private final boolean interactive;
    private boolean drawn;

    /**
     * @param charset of {@code out}; what it lacks is printed in plainer characters
     * @param interactive whether lines can be redrawn
     */
    Terminal(PrintStream out, Charset charset, boolean interactive) {
        this.out = out;
        this.charset = charset;
        this.interactive = interactive;
    }

    /** The process's standard output. */
    static Terminal standard() {
        Charset charset = Charset.defaultCharset();
        return new Terminal(
                new PrintStream(System.out, true, charset), charset, isTerminal(STANDARD_OUTPUT));
    }

    /** Whether the process's standard error can be redrawn. */
    static boolean errorsAreShown() {
        return isTerminal(STANDARD_ERROR);
    }

    /** Java has this for standard input and output together alone. */
    private static boolean isTerminal(int descriptor) {
        try {
            String device = Path.of("/proc/self/fd/" + descriptor).toRealPath().toString();
            return System.getenv("TERM") != null
                    && (device.startsWith("/dev/pts/")
                            || device.startsWith("/dev/tty")
                            || device.equals("/dev/console"));
        } catch (IOException e) { // a pipe has no path
            return false;
        }
    }

    /** Whether it redraws in place. */
    boolean interactive() {
        return interactive;
    }

    /** Draws lines from the top of the terminal, over what was drawn before. */
    void redraw(List<String> lines) {
        // from the top and not over the last lines, because native code prints in between
        StringBuilder text = new StringBuilder(drawn ? HOME : CUT_LONG_LINES + CLEAR + HOME);
        lines.forEach(line -> text.append(line).append(ERASE_LINE).append('\n'));
        out.print(PlainText.of(text.append(ERASE_BELOW).toString(), charset));
        out.flush();
        drawn = true;
    }

    /** Leaves the terminal as it was, below what is drawn. */
    void leave() {
        if (drawn) {
            out.print(WRAP_LONG_LINES);
            out.flush();
        }
    }

    /** Appends a line. */
    void append(String line) {
        out.println(PlainText.of(line, charset));
    }
}
