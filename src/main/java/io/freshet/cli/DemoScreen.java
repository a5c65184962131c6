package io.freshet.cli;

import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Screen;
import io.freshet.demo.view.Transcript;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows a dashboard again and again: in place on a terminal, as a transcript elsewhere. */
final class DemoScreen implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(500);
    private static final Duration APPEND = Duration.ofSeconds(5);
    private static final int WIDTH = 110;

    private final Terminal terminal;
    private final Dashboard dashboard;
    private final Transcript transcript = new Transcript(WIDTH);
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "demo-screen");
                        thread.setDaemon(true);
                        return thread;
                    });
    private boolean stopping;

    DemoScreen(Terminal terminal, Dashboard dashboard) {
        this.terminal = terminal;
        this.dashboard = dashboard;
    }

    /** Shows it from now on. */
    void start() {
        long period = (terminal.interactive() ? REDRAW : APPEND).toMillis();
        var unused = executor.scheduleAtFixedRate(this::show, 0, period, TimeUnit.MILLISECONDS);
    }

    /** Shows at once that everything is about to stop, which takes a while. */
    synchronized void stopping() {
        if (!stopping) {
            stopping = true;
            dashboard.stopping();
            show();
        }
    }

    /** Shows the last figures, whole, when everything has stopped. */
    @Override
    public synchronized void close() {
        if (executor.isShutdown()) {
            return;
        }
        executor.shutdownNow();
        dashboard.stopped();
        if (terminal.interactive()) {
            show();
            terminal.leave();
        } else {
            transcript.whole(dashboard.figures()).forEach(terminal::append);
        }
    }

    private synchronized void show() {
        if (terminal.interactive()) {
            terminal.redraw(Screen.full(dashboard.figures(), WIDTH));
        } else {
            transcript.next(dashboard.figures()).forEach(terminal::append);
        }
    }
}
