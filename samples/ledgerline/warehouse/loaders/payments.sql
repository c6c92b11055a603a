\copy raw.payments from 'settlements.csv' with (format csv, header true)
