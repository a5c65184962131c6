package io.freshet.testing;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;

/** Keeps what this process logs, from INFO on, instead of writing it, until it is closed. */
public final class LogRecorder extends AbstractAppender implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerConfig root;
    private final Level level;
    private final Collection<Appender> others;

    private LogRecorder(LoggerConfig root) {
        super("recorder", null, null, true, Property.EMPTY_ARRAY);
        this.root = root;
        this.level = root.getLevel();
        this.others = List.copyOf(root.getAppenders().values());
    }

    /** Records from now on. */
    public static LogRecorder open() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        LoggerConfig root = context.getConfiguration().getRootLogger();
        LogRecorder recorder = new LogRecorder(root);
        recorder.start();
        recorder.others.forEach(other -> root.removeAppender(other.getName()));
        Configurator.setRootLevel(Level.INFO);
        root.addAppender(recorder, Level.INFO, null);
        return recorder;
    }

    /** Lines logged so far, with the messages of exceptions. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void append(LogEvent event) {
        StringBuilder line = new StringBuilder(event.getMessage().getFormattedMessage());
        for (@Nullable Throwable cause = event.getThrown();
                cause != null;
                cause = cause.getCause()) {
            line.append(" | ").append(cause);
        }
        lines.add(line.toString());
    }

    @Override
    public void close() {
        root.removeAppender(getName());
        Configurator.setRootLevel(level);
        others.forEach(other -> root.addAppender(other, null, null));
        stop();
    }
}
