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
    private Attempts attempts = new Attempts();

    /** Whether the live model is what state says, and built as the options ask. */
    private boolean caughtUp;

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
        <T> Attempts run(TrainingThread.Work<T> work, ThrowingConsumer<T, Exception> done);
    }

    /**
     * Starts what is due, if nothing is in progress, and lets event time go on. What waits for the
     * store is given up for a rollback, and is due again after it: the store may lack what only the
     * rollback can do without.
     */
    void advance() {
        boolean givenUp = ledger.awaitsRollback() && attempts.giveUp();
        if (givenUp) {
            ledger.giveUp();
        }
        if (givenUp || !isBusy()) {
            startNext(time.now());
        }
        time.forward();
        metered.stands(ledger);
    }

    /** Whether something is in progress. */
    boolean isBusy() {
        return time.isHeld();
    }

    /**
     * Rollbacks come first; then the live model is made again; then a window is trained before more
     * is tested.
     */
    private void startNext(long now) {
        RollbackTask rollback = agenda.nextRollback();
        if (rollback != null) {
            work(Long.MAX_VALUE, () -> trainer.rollBack(rollback), this::settle);
            return;
        }
        Standing standing = caughtUp ? null : agenda.catchUp();
        if (standing != null) {
            work(agenda.standsAt(), () -> trainer.catchUp(standing), this::settle);
            return;
        }
        caughtUp = true;
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
        attempts =
                runner.run(
                        work,
                        result -> {
                            time.release();
                            then.accept(result);
                            advance();
                        });
    }

    /** A version of the configured architecture comes before all other work. */
    private void settle(Trainer.CaughtUp outcome) {
        outcome.deltas().forEach(output::tell);
        ledger.caughtUp();
        WindowTask renewal = agenda.renewal(outcome.outdated());
        if (renewal == null) {
            caughtUp = true;
            return;
        }
        work(
                renewal.end(),
                () -> trainer.renew(renewal),
                checkpoint -> renewed(renewal, checkpoint));
    }

    private void renewed(WindowTask renewal, ModelCheckpoint checkpoint) {
        LOGGER.info("{}", checkpoint);
        output.tell(checkpoint, renewal.end());
        ledger.renewed(checkpoint);
        caughtUp = true;
    }

    private void settle(TestOutcome outcome) {
        output.tell(outcome);
        ledger.settle(outcome);
    }

    private void settle(WindowOutcome outcome) {
        LOGGER.info("{}", outcome.checkpoint());
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
