package io.freshet.cli;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What went wrong, for people: the messages of a chain of causes, from the outermost inwards. */
final class Problem {

    private Problem() {}

    /** One line for each cause; a cause that only wraps another is left out. */
    static String text(Throwable problem) {
        Set<String> lines = new LinkedHashSet<>();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (!onlyWraps(cause)) {
                lines.add(line(cause));
            }
        }
        return String.join("\n  because: ", lines);
    }

    private static boolean onlyWraps(Throwable problem) {
        @Nullable Throwable cause = problem.getCause();
        String message = problem.getMessage();
        return cause != null && (message == null || message.equals(cause.toString()));
    }

    private static String line(Throwable problem) {
        String message = problem.getMessage();
        String type = problem.getClass().getSimpleName();
        if (message == null) {
            return type;
        }
        // a message that is no sentence, such as a bare file name, says nothing without its type
        return message.indexOf(' ') < 0 ? type + ": " + message : message;
    }
}
