package io.freshet.cli;

import io.freshet.replay.ReplayProgress;
import io.freshet.replay.report.Prediction;
import io.freshet.training.PretrainingProgress;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Progress bars on standard error: one for the base model, then one for the rows. */
final class Progress implements ReplayProgress, Consumer<PretrainingProgress>, AutoCloseable {

    private static final int TERMINAL_MILLIS = 500;
    private static final int WIDTH = 110;
    private static final int LOG_MILLIS = 10_000;

    private @Nullable ProgressBar bar;

    @Override
    public void accept(PretrainingProgress step) {
        if (bar == null) {
            bar = bar("base model", (long) step.epochs() * step.steps());
        }
        bar.stepTo((long) (step.epoch() - 1) * step.steps() + step.step());
        if (step.endsEpoch()) {
            bar.setExtraMessage(
                    String.format(
                            Locale.ROOT,
                            "pass %d, loss %.3f, HR@10 %.4f",
                            step.epoch(),
                            step.loss(),
                            step.heldOutHitRate()));
        }
    }

    @Override
    public void started(int rows) {
        close();
        bar = bar("rows", rows);
    }

    @Override
    public void tested(Prediction prediction) {
        if (bar != null) {
            bar.stepTo(Math.max(bar.getCurrent(), prediction.position() + 1L));
            bar.setExtraMessage("version " + prediction.modelVersion());
        }
    }

    @Override
    public void ended() {
        if (bar != null) {
            bar.stepTo(bar.getMax());
        }
        close();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private static ProgressBar bar(String task, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setMaxRenderedLength(WIDTH)
                .setUpdateIntervalMillis(System.console() == null ? LOG_MILLIS : TERMINAL_MILLIS)
                .build();
    }
}
