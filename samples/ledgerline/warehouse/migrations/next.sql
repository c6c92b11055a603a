update fin.gl_entries set memo = trim(memo);
