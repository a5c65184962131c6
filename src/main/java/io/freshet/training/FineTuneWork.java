package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import org.apache.flink.util.function.ThrowingConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what is due done, one thing after another, and enters and tells what became of it. The work
 * is done on a thread of its own, all else on the task's.
 */
final class FineTuneWork {

    private static final Logger LOGGER = LoggerFactory.getLogger(FineTuneWork.class);

    private final FineTuneLedger ledger;
    private final Agenda agenda;
    private final Trainer trainer;
    private final Runner runner;
    private final EventTime time;
    private final FineTuneOutput output;
    private final FineTuneMetrics metered;

    FineTuneWork(
            FineTuneLedger ledger,
            Agenda agenda,
            Trainer trainer,
            Runner runner,
            EventTime time,
            FineTuneOutput output,
            FineTuneMetrics metered) {
        this.ledger = ledger;
        this.agenda = agenda;
        this.trainer = trainer;
        this.runner = runner;
        this.time = time;
        this.output = output;
        this.metered = metered;
    }

    /** Where work is done: beside the task, whose thread the result comes back to. */
    interface Runner {
        <T> void run(TrainingThread.Work<T> work, ThrowingConsumer<T, Exception> done);
    }

    /** Makes the live model again, if it must be, before anything else. */
    void resume() {
        if (agenda.mustCatchUp()) {
            Standing standing = ledger.lineage().standing();
            work(agenda.standsAt(), () -> trainer.catchUp(standing), this::caughtUp);
        } else {
            advance();
        }
    }

    /** Starts what is due, if nothing is in progress, and lets event time go on. */
    void advance() {
        if (!isBusy()) {
            startNext(time.now());
        }
        time.forward();
        metered.stands(ledger);
    }

    /** Whether something is in progress. */
    boolean isBusy() {
        return time.isHeld();
    }

    /** A version of the configured architecture comes before all other work. */
    private void caughtUp(Trainer.CaughtUp caughtUp) {
        caughtUp.deltas().forEach(output::tell);
        WindowTask renewal = agenda.renewal(caughtUp.outdated());
        if (renewal != null) {
            work(
                    renewal.end(),
                    () -> trainer.renew(renewal),
                    checkpoint -> renewed(renewal, checkpoint));
        }
    }

    /** Rollbacks come first; then a window is trained before more is tested. */
    private void startNext(long now) {
        RollbackTask rollback = agenda.nextRollback();
        if (rollback != null) {
            work(Long.MAX_VALUE, () -> trainer.rollBack(rollback), this::settle);
            return;
        }
        WindowTask window = agenda.nextWindow(now);
        if (window != null) {
            work(window.end(), () -> trainer.train(window), this::settle);
            return;
        }
        TestTask test = agenda.nextTest(now);
        if (test != null) {
            work(test.end(), () -> trainer.test(test), this::settle);
        }
    }

    /** Event time stays below {@code end} until the work is done. */
    private <T> void work(
            long end, TrainingThread.Work<T> work, ThrowingConsumer<T, Exception> then) {
        time.holdBelow(end);
        runner.run(
                work,
                result -> {
                    time.release();
                    then.accept(result);
                    advance();
                });
    }

    private void renewed(WindowTask renewal, ModelCheckpoint checkpoint) {
        LOGGER.info("{}", checkpoint);
        output.tell(checkpoint, renewal.end());
        ledger.renewed(checkpoint);
    }

    private void settle(TestOutcome outcome) {
        output.tell(outcome);
        ledger.settle(outcome);
    }

    private void settle(WindowOutcome outcome) {
        if (outcome.checkpoint() != null) {
            LOGGER.info("{}", outcome.checkpoint());
        }
        if (outcome.ignoredVectors() > 0) {
            LOGGER.warn(
                    "{} content vectors are not as wide as the model's features, passed over",
                    outcome.ignoredVectors());
        }
        output.tell(outcome);
        ledger.settle(outcome);
        metered.settled(outcome);
    }

    private void settle(RollbackOutcome outcome) {
        LOGGER.info("{}: {}", outcome.task().control(), outcome.reason());
        output.tell(outcome, Math.max(BaseVersion.TIMESTAMP, time.reached()));
        ledger.settle(outcome);
        metered.settled(outcome);
    }
}
