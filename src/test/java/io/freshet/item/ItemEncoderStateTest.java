package io.freshet.item;

import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class ItemEncoderStateTest {

    @Test
    void statesArePojosThatCanEvolve() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(EncodedContentState.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(PendingItemState.class);
    }
}
