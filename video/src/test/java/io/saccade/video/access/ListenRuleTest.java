package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for the addresses and ports at which datagrams may be received. */
class ListenRuleTest {
  @ParameterizedTest
  @CsvSource({
    "239.1.0.0/16:5000-5999, 239.1.2.3, 5000, true",
    "239.1.0.0/16:5000-5999, 239.2.2.3, 5000, false",
    "239.1.0.0/16:5000-5999, 239.1.2.3, 6000, false",
    "'[ff15::/16]:5004', ff15::7, 5004, true",
    "0.0.0.0:5004, 127.0.0.1, 5004, false"
  })
  void aRuleAllowsItsAddressesAtItsPorts(String rule, String address, int port, boolean allowed)
      throws Exception {
    assertThat(ListenRule.parse(rule).allows(InetAddress.getAllByName(address)[0], port))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "239.1.2.3", "239.1.2.3:0", "host:5004", "1.2.3.4:9-8", "ff15::7:5"})
  void refusesTextThatIsNotARule(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ListenRule.parse(text));
  }
}
