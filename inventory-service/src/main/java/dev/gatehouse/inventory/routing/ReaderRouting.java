package dev.gatehouse.inventory.routing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Puts a lazy proxy in front of the pool, so that a transaction takes a connection only when it needs one and a read-only
 * one takes it from the reader. Without a reader both come from the writer.
 */
final class ReaderRouting implements BeanPostProcessor, DisposableBean {

    private final Supplier<RoutingProperties> properties;
    private @Nullable HikariDataSource reader;

    ReaderRouting(Supplier<RoutingProperties> properties) {
        this.properties = properties;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof HikariDataSource writer)) {
            return bean;
        }
        LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy();
        proxy.setTargetDataSource(writer);
        // Said, not asked for at start: asking would take a connection.
        proxy.setDefaultAutoCommit(true);
        proxy.setDefaultTransactionIsolationName("TRANSACTION_READ_COMMITTED");
        DataSource readOnly = reader(writer);
        if (readOnly != null) {
            proxy.setReadOnlyDataSource(readOnly);
        }
        proxy.afterPropertiesSet();
        return proxy;
    }

    private @Nullable DataSource reader(HikariDataSource writer) {
        String url = properties.get().readerUrl();
        if (url == null || url.isBlank() || url.equals(writer.getJdbcUrl())) {
            return null;
        }
        HikariConfig config = new HikariConfig();
        writer.copyStateTo(config);
        config.setJdbcUrl(url);
        config.setPoolName("reader");
        config.setReadOnly(true);
        // A reader that is away at start must not keep the service from taking orders.
        config.setInitializationFailTimeout(-1);
        reader = new HikariDataSource(config);
        return reader;
    }

    @Override
    public void destroy() {
        if (reader != null) {
            reader.close();
        }
    }
}
