package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.runtime.BackgroundThread.Attempts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundThreadTest {

    private final TestingMailbox mailbox = new TestingMailbox();
    private final AtomicInteger storageFailures = new AtomicInteger();
    private final List<String> results = new ArrayList<>();
    private final BackgroundThread thread =
            new BackgroundThread("worker", mailbox, "the store", storageFailures::incrementAndGet);
    private boolean closed;

    @AfterEach
    void closeThread() throws InterruptedException {
        if (!closed) {
            thread.close();
        }
    }

    @Test
    void runsWorkOnItsThreadAndDeliversTheResultOnTheTasks() throws Exception {
        thread.run(() -> Thread.currentThread().getName(), results::add);

        mailbox.runNext();

        assertThat(results).containsExactly("worker");
    }

    @Test
    void runsWorkInTheOrderInWhichItWasGiven() throws Exception {
        for (int i = 0; i < 3; i++) {
            String number = String.valueOf(i);
            thread.run(() -> number, results::add);
        }
        for (int i = 0; i < 3; i++) {
            mailbox.runNext();
        }

        assertThat(results).containsExactly("0", "1", "2");
    }

    @Test
    void failureOfWorkFailsTheTaskAndNamesTheWork() {
        thread.run(
                "Encoding of [a]",
                () -> {
                    throw new IOException("no disk");
                },
                ignored -> {});

        assertThatThrownBy(mailbox::runNext)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessage("Encoding of [a] failed: java.io.IOException: no disk")
                .hasRootCauseMessage("no disk");
    }

    @Test
    void failureThatIsNotOfTheStorageIsNotTriedAgain() {
        thread.persist(
                () -> {
                    throw new IllegalStateException("broken");
                },
                ignored -> {});

        assertThatThrownBy(mailbox::runNext).hasMessageStartingWith("worker failed: ");
        assertThat(storageFailures).hasValue(0);
    }

    @Test
    void persistsAgainAfterAPauseAndRunsOtherWorkMeanwhile() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        thread.persist(() -> failingOnce(attempts), results::add);
        mailbox.runNext(); // the first attempt has failed
        assertThat(storageFailures).hasValue(1);
        thread.run(() -> "other", results::add);
        mailbox.runNext();
        assertThat(results).containsExactly("other");

        mailbox.runNext(); // the pause is over
        mailbox.runNext(); // the second attempt

        assertThat(results).containsExactly("other", "persisted");
        assertThat(attempts).hasValue(2);
        assertThat(storageFailures).hasValue(1);
    }

    @Test
    void workThatWaitsForItsNextAttemptCanBeGivenUp() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Attempts persisting = thread.persist(() -> failingOnce(attempts), results::add);
        assertThat(persisting.giveUp()).as("while the first attempt runs").isFalse();
        mailbox.runNext();

        assertThat(persisting.giveUp()).isTrue();

        mailbox.runNext(); // the pause is over
        thread.run(() -> "other", results::add);
        mailbox.runNext();
        assertThat(results).containsExactly("other");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void closingStopsLongWorkThenCleansUpOnTheThread() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean sawStop = new AtomicBoolean();
        thread.run(
                () -> {
                    begun.countDown();
                    while (!thread.stopped()) {
                        Thread.onSpinWait();
                    }
                    sawStop.set(true);
                    return "";
                },
                results::add);
        begun.await();
        List<String> cleanup = new ArrayList<>();

        thread.close(() -> cleanup.add(Thread.currentThread().getName() + sawStop.get()));
        closed = true;
        thread.run(() -> "late", results::add);

        assertThat(cleanup).containsExactly("workertrue");
        mailbox.runNext(); // the result of the work that was running
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void resultForATaskThatEndedIsDropped() throws Exception {
        mailbox.close();
        thread.run(() -> "late", results::add);
        AtomicBoolean cleanedUp = new AtomicBoolean();

        thread.close(() -> cleanedUp.set(true));
        closed = true;

        assertThat(cleanedUp).isTrue();
        assertThat(mailbox.isEmpty()).isTrue();
    }

    private static String failingOnce(AtomicInteger attempts) throws IOException {
        if (attempts.incrementAndGet() == 1) {
            throw new IOException("store is away");
        }
        return "persisted";
    }
}
