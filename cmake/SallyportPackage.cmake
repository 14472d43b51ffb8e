# What is installed, and the Debian package of it. `script/package` builds the package; docs/install.md tells of its use.
#
# Manual pages, completion and the starter configuration come from the binary (packaging/generate), so they are written when
# something is installed and cost ordinary builds nothing.
include(GNUInstallDirs)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(generated ${CMAKE_BINARY_DIR}/package)
install(CODE "execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/packaging/generate\" \"${CMAKE_BINARY_DIR}/sallyport\" \"${generated}\"
  COMMAND_ERROR_IS_FATAL ANY)")
install(TARGETS sallyport DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section man1 man5)
  install(DIRECTORY ${generated}/${section}/ DESTINATION share/man/${section})
endforeach()
install(FILES ${generated}/completion/bash DESTINATION share/bash-completion/completions RENAME sallyport)
install(FILES ${generated}/completion/zsh DESTINATION share/zsh/vendor-completions RENAME _sallyport)
install(FILES ${generated}/completion/fish DESTINATION share/fish/vendor_completions.d RENAME sallyport.fish)
install(DIRECTORY ${generated}/doc/ DESTINATION share/doc/sallyport)
install(DIRECTORY contrib/ DESTINATION share/doc/sallyport/examples PATTERN systemd EXCLUDE)
install(DIRECTORY contrib/systemd/ DESTINATION /lib/systemd/system)
install(FILES ${generated}/etc/sallyport.toml DESTINATION /etc/sallyport)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Sallyport maintainers <maintainers@sallyport.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "gateway that signs people in, in front of web applications")
string(CONCAT CPACK_PACKAGE_DESCRIPTION
  "Sallyport stands in front of a page server and an API. It signs people in,\n"
  "keeps every token off the browser, checks each request for CSRF, and hands the\n"
  "servers behind it an identity that they can verify. It speaks the wire of\n"
  "next-auth's clients.")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION httpd)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
    ${CMAKE_SOURCE_DIR}/packaging/debian/postrm ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
include(CPack)
