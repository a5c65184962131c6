package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.TrainingSequence;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTypesTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                FineTuneState.class,
                TrainingSequence.class,
                EncodedItem.class,
                ModelCheckpoint.class,
                Evaluation.class
            })
    void what_is_kept_and_sent_needs_no_kryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }
}
