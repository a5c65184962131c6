package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.serve.WaitingRequests.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class WaitingRequestsTest {

    private final List<FutureTask<Void>> timers = new ArrayList<>();
    private final WaitingRequests waiting =
            new WaitingRequests(
                    2,
                    Duration.ofSeconds(2),
                    task -> {
                        FutureTask<Void> timer = new FutureTask<>(task, null);
                        timers.add(timer);
                        return timer;
                    });

    @Test
    void an_answer_completes_its_request_with_the_bytes_that_were_read() {
        CompletableFuture<Answer> first = waiting.add("r-1");
        CompletableFuture<Answer> second = waiting.add("r-2");
        byte[] json =
                bytes("{\"items\":[{\"a\":{}}],\"request_id\":\"r-2\",\"path\":\"personal\"}");

        waiting.answer(json);

        assertThat(second).isCompletedWithValueMatching(answer -> answer.json() == json);
        assertThat(second.join().path()).isEqualTo("personal");
        assertThat(second.join().reason()).isEmpty();
        assertThat(first).isNotDone();
        assertThat(waiting.size()).isOne();
        assertThat(timers.get(1)).isCancelled();
    }

    @Test
    void the_reason_of_an_answer_without_a_list_is_read() {
        CompletableFuture<Answer> request = waiting.add("r-1");

        waiting.answer(
                bytes("{\"request_id\":\"r-1\",\"path\":\"unanswered\",\"reason\":\"expired\"}"));

        assertThat(request.join().reason()).isEqualTo("expired");
    }

    @Test
    void answers_that_nobody_here_waits_for_are_passed_over() {
        CompletableFuture<Answer> request = waiting.add("r-1");

        waiting.answer(bytes("{\"request_id\":\"r-other\",\"path\":\"personal\"}"));
        waiting.answer(bytes("{\"request_id\":null}"));
        waiting.answer(bytes("{}"));
        waiting.answer(bytes("no JSON"));

        assertThat(request).isNotDone();
    }

    @Test
    void the_first_of_two_answers_counts() {
        CompletableFuture<Answer> request = waiting.add("r-1");

        waiting.answer(bytes("{\"request_id\":\"r-1\",\"path\":\"personal\"}"));
        waiting.answer(bytes("{\"request_id\":\"r-1\",\"path\":\"cold-start\"}"));

        assertThat(request.join().path()).isEqualTo("personal");
    }

    @Test
    void a_request_ends_when_its_time_is_up_and_makes_room() {
        CompletableFuture<Answer> request = waiting.add("r-1");
        var unused = waiting.add("r-2");

        timers.get(0).run();

        assertThat(problem(request)).isEqualTo(Kind.TIME_OUT);
        assertThat(waiting.size()).isOne();
        assertThat(waiting.add("r-3")).isNotDone();
    }

    @Test
    void too_many_are_refused_with_how_many_there_are() {
        List<CompletableFuture<Answer>> all = List.of(waiting.add("r-1"), waiting.add("r-2"));

        assertThatThrownBy(() -> waiting.add("r-3"))
                .isInstanceOfSatisfying(
                        ProblemResponse.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.TOO_MANY))
                .hasMessageContaining("found 2 requests that wait", "--max-waiting");
        assertThat(all).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void closing_ends_those_that_wait_and_those_that_come() {
        CompletableFuture<Answer> request = waiting.add("r-1");

        waiting.close();

        assertThat(problem(request)).isEqualTo(Kind.STOPPING);
        assertThat(problem(waiting.add("r-2"))).isEqualTo(Kind.STOPPING);
        assertThat(waiting.size()).isZero();
    }

    private static Kind problem(CompletableFuture<Answer> request) {
        assertThat(request).isCompletedExceptionally();
        return request.handle((answer, failure) -> ((ProblemResponse) failure).kind()).join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
