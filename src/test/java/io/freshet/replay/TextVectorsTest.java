package io.freshet.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two encoders, one after the other, over one file of vectors. */
class TextVectorsTest {

    private static final List<String> ENCODED = new ArrayList<>();
    private static int open;

    private TextVectors vectors;

    @BeforeEach
    void create() throws IOException {
        vectors = TextVectors.create();
        ENCODED.clear();
    }

    @AfterEach
    void delete() throws IOException {
        assertThat(open).isZero();
        vectors.close();
    }

    @Test
    void aTextIsEncodedOnceAndKeepsItsPlace() throws Exception {
        try (TextEncoder first = encoder()) {
            assertThat(first.encode(List.of("mug", "杯子", "mug")))
                    .isDeepEqualTo(new float[][] {vector("mug"), vector("杯子"), vector("mug")});
            assertThat(first.encode(List.of("mug"))).isDeepEqualTo(new float[][] {vector("mug")});
        }
        try (TextEncoder second = encoder()) {
            assertThat(second.encode(List.of("cup", "杯子", "mug")))
                    .isDeepEqualTo(new float[][] {vector("cup"), vector("杯子"), vector("mug")});
        }
        try (TextEncoder third = encoder()) {
            assertThat(third.encode(List.of("cup", "mug")))
                    .isDeepEqualTo(new float[][] {vector("cup"), vector("mug")});
        }

        assertThat(ENCODED).containsExactly("mug", "杯子", "cup");
    }

    @Test
    void ofTwoAtOnceTheLastAddsWhatItHasEncoded() throws Exception {
        try (TextEncoder first = encoder()) {
            first.encode(List.of("mug"));
        }
        try (TextEncoder last = encoder();
                TextEncoder other = encoder()) {
            other.encode(List.of("mug", "cup"));
            last.encode(List.of("mug", "bowl"));
        }
        try (TextEncoder next = encoder()) {
            next.encode(List.of("mug", "bowl", "cup"));
        }

        assertThat(ENCODED).containsExactly("mug", "cup", "bowl", "cup");
    }

    @Test
    void anEncoderOfKnownTextsIsNotEvenLoaded() throws Exception {
        try (TextEncoder first = encoder()) {
            first.encode(List.of("mug"));
            assertThat(open).isOne();
        }
        try (TextEncoder second = encoder()) {
            second.encode(List.of("mug"));
            assertThat(open).isZero();
        }
    }

    @Test
    void nameAndWidthAreThoseOfTheEncoder() {
        TextEncoderRuntime runtime = vectors.remembering(new Counting());

        assertThat(runtime.name()).isEqualTo("counting");
        assertThat(runtime.width()).isEqualTo(2);
    }

    /** Through serialization, as an operator gets it. */
    private TextEncoder encoder() throws Exception {
        return InstantiationUtil.clone(vectors.remembering(new Counting())).load();
    }

    private static float[] vector(String text) {
        return new float[] {text.hashCode(), text.length()};
    }

    private record Counting() implements TextEncoderRuntime, TextEncoder {

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public int width() {
            return 2;
        }

        @Override
        public TextEncoder load() {
            open++;
            return this;
        }

        @Override
        public float[][] encode(List<String> texts) {
            ENCODED.addAll(texts);
            return texts.stream().map(TextVectorsTest::vector).toArray(float[][]::new);
        }

        @Override
        public void close() {
            open--;
        }
    }
}
