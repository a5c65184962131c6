package io.freshet.cli;

import io.freshet.replay.ablation.Ablation.AblationProgress;
import io.freshet.replay.report.Prediction;
import io.freshet.training.version.PretrainingProgress;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * Progress bars on standard error, or lines where that is no terminal: one for the base model,
 * which has no end in sight until its training begins, then one for the rows of both halves.
 */
final class Progress implements AblationProgress, Consumer<PretrainingProgress>, AutoCloseable {

    private static final int TERMINAL_MILLIS = 500;
    private static final int WIDTH = 110;
    private static final int LOG_MILLIS = 10_000;
    private static final char BLOCK = '█';
    private static final int UNKNOWN = -1;

    private String prefix = "";
    private @Nullable ProgressBar bar;

    @Override
    public void variant(String name, int number, int variants) {
        prefix = "%d/%d %s, ".formatted(number, variants, name);
    }

    @Override
    public void warned(String warning) {
        close();
        System.err.println("Warning: " + warning);
    }

    @Override
    public void makingBase() {
        close();
        bar = bar("base model", UNKNOWN);
    }

    @Override
    public void accept(PretrainingProgress step) {
        if (bar == null) {
            bar = bar("base model", UNKNOWN);
        }
        bar.maxHint((long) step.epochs() * step.steps());
        if (step.epoch() == 1 && !step.endsEpoch()) {
            bar.setExtraMessage("pass 1 of at most " + step.epochs());
        }
        bar.stepTo((long) (step.epoch() - 1) * step.steps() + step.step());
        if (step.endsEpoch()) {
            bar.setExtraMessage(
                    String.format(
                            Locale.ROOT,
                            "pass %d, loss %.3f, HR@10 %.4f",
                            step.epoch(),
                            step.loss(),
                            step.validationHitRate()));
        }
    }

    @Override
    public void started(int rows) {
        close();
        bar = bar("rows", rows);
    }

    @Override
    public void sent(int position) {
        reach(position, "first half");
    }

    @Override
    public void tested(Prediction prediction) {
        reach(prediction.position(), "version " + prediction.modelVersion());
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

    private void reach(int position, String message) {
        if (bar != null && position >= bar.getCurrent()) {
            bar.stepTo(position + 1L);
            bar.setExtraMessage(message);
        }
    }

    private ProgressBar bar(String task, long steps) {
        ProgressBarBuilder builder =
                new ProgressBarBuilder()
                        .setTaskName(prefix + task)
                        .setInitialMax(steps)
                        .setMaxRenderedLength(WIDTH);
        if (Terminal.errorsAreShown()) {
            boolean unicode = Charset.defaultCharset().newEncoder().canEncode(BLOCK);
            return builder.setUpdateIntervalMillis(TERMINAL_MILLIS)
                    .setStyle(
                            unicode
                                    ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
                                    : ProgressBarStyle.ASCII)
                    .build();
        }
        return builder.setUpdateIntervalMillis(LOG_MILLIS)
                .setRenderer((state, width) -> line(state))
                .setConsumer(new DelegatingProgressBarConsumer(System.err::println, WIDTH))
                .build();
    }

    /** A line for a log. */
    static String line(ProgressState state) {
        String line = state.getTaskName();
        if (!state.isIndefinite()) {
            line += ": %d of %d".formatted(state.getCurrent(), state.getMax());
        }
        String message = state.getExtraMessage();
        return message == null || message.isBlank() ? line : line + ", " + message.strip();
    }
}
