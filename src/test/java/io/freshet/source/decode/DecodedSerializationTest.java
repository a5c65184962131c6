package io.freshet.source.decode;

import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodedSerializationTest {

    @ParameterizedTest
    @ValueSource(
            classes = {Decoded.OfInteraction.class, Decoded.OfItem.class, Decoded.OfControl.class})
    void decodedRecordsAreSerializedWithoutKryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }
}
