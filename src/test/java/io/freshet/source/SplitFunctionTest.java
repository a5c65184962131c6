package io.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.source.decode.Decoded;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Test;

class SplitFunctionTest {

    private static final Control CONTROL = Control.forget("c", "u", 5);
    private static final DeadLetter LETTER =
            new DeadLetter("t", 0, 0, 9, "", "r", new byte[0], new byte[0], 0, 0, "", "");

    @Test
    void separatesEventsFromDeadLetters() throws Exception {
        try (OneInputStreamOperatorTestHarness<Decoded.OfControl, Control> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        new SplitFunction<Control, Decoded.OfControl>())) {
            harness.processElement(new Decoded.OfControl(CONTROL, null), 5);
            harness.processElement(new Decoded.OfControl(null, LETTER), 9);

            assertThat(harness.extractOutputValues()).containsExactly(CONTROL);
            assertThat(harness.getSideOutput(SplitFunction.DEAD_LETTERS))
                    .extracting(StreamRecord::getValue)
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(LETTER);
        }
    }
}
