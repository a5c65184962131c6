package io.freshet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextIsolationTest {

    private final List<String> refused = new ArrayList<>();
    private final List<List<String>> calls = new ArrayList<>();
    private float plain = 1;

    @Test
    void good_texts_are_one_batch() {
        assertThat(encode(text -> false, "a", "b", "c")).containsExactly("1.0", "1.0", "1.0");
        assertThat(calls).hasSize(1);
        assertThat(refused).isEmpty();
    }

    @Test
    void the_text_that_fails_is_found_by_halving() {
        assertThat(encode("c"::equals, "a", "b", "c", "d", "e", "f", "g", "h"))
                .containsExactly("1.0", "1.0", "none", "1.0", "1.0", "1.0", "1.0", "1.0");
        assertThat(refused).containsExactly("2: can't take c");
        assertThat(calls)
                .containsExactly(
                        List.of("a", "b", "c", "d", "e", "f", "g", "h"),
                        List.of("a", "b", "c", "d"),
                        List.of("a", "b"),
                        List.of("c", "d"),
                        List.of("c"),
                        List.of("word"),
                        List.of("d"),
                        List.of("e", "f", "g", "h"));
    }

    @Test
    void all_of_a_batch_may_be_to_blame() {
        assertThat(encode(text -> text.length() == 1, "a", "b", "c"))
                .containsExactly("none", "none", "none");
    }

    @Test
    void a_vector_that_is_not_finite_is_none() {
        assertThat(encode(text -> false, "a", "NaN", "Infinity"))
                .containsExactly("1.0", "none", "none");
        assertThat(refused)
                .containsExactly("1: its vector is not finite", "2: its vector is not finite");
    }

    @Test
    void an_encoder_that_fails_on_a_plain_word_is_broken() {
        assertThatThrownBy(() -> encode(text -> true, "a", "b")).hasMessage("can't take a");
        plain = Float.NaN;
        assertThatThrownBy(() -> encode(text -> false, "a", "NaN"))
                .hasMessage("its vector is not finite");
        assertThat(refused).isEmpty();
    }

    private Stream<String> encode(Predicate<String> bad, String... texts) {
        TextEncoder encoder =
                new TextEncoder() {
                    @Override
                    public int width() {
                        return 1;
                    }

                    @Override
                    public float[][] encode(List<String> batch) {
                        calls.add(batch);
                        batch.stream()
                                .filter(bad)
                                .findFirst()
                                .ifPresent(
                                        text -> {
                                            throw new IllegalArgumentException(
                                                    "can't take " + text);
                                        });
                        return batch.stream()
                                .map(TextIsolationTest.this::vector)
                                .toArray(float[][]::new);
                    }

                    @Override
                    public void close() {}
                };
        float[][] vectors =
                new TextIsolation(
                                encoder,
                                (index, cause) -> refused.add(index + ": " + cause.getMessage()))
                        .encode(List.of(texts));
        return Stream.of(vectors).map(v -> v.length == 0 ? "none" : String.valueOf(v[0]));
    }

    private float[] vector(String text) {
        boolean number = text.equals("NaN") || text.equals("Infinity");
        return new float[] {number ? Float.parseFloat(text) : text.equals("word") ? plain : 1};
    }
}
