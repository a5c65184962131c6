package io.freshet.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    private final PrintStream out;
    private final boolean interactive;
    private boolean drawn;

    Terminal(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /** The process's standard output. */
    static Terminal standard() {
        boolean interactive = System.console() != null && System.getenv("TERM") != null;
        return new Terminal(new PrintStream(System.out, true, StandardCharsets.UTF_8), interactive);
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
        out.print(text.append(ERASE_BELOW));
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
        out.println(line);
    }
}
