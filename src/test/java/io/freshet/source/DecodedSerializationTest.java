package io.freshet.source;

import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodedSerializationTest {

    @ParameterizedTest
    @ValueSource(
            classes = {DecodedInteraction.class, DecodedCatalogItem.class, DecodedControl.class})
    void decodedRecordsAreSerializedWithoutKryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }
}
